"""From notebooks to a site of pages."""
