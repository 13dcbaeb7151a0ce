"""The words of a questionnaire: every instruction, label and hint, each a whole sentence.

Fields in braces are filled in by name. A workbook carries its own answers with their meaning, so
that a questionnaire in any language is read the same way.
"""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    # head
    "title_dimensions": "What matters most for microcredentials in an education system?",
    "title_benefits": "Which benefits of microcredentials matter most to {who}?",
    "title_factors": "Which strengths, weaknesses, opportunities and threats of {who} matter most?",
    "sheet_questions": "Questions",
    "sheet_items": "What is meant",
    "group": "I speak for",
    "group_help": "Choose the group whose view you give.",
    "code": "Questionnaire",
    "privacy": "Your name is not asked and must not be written anywhere in this file.",
    "time": "{questions} questions. Fill in the yellow cells only; each has a list to choose from.",
    "meant": "The sheet “{sheet}” says what each item stands for.",
    "save": "Save the file under its name and send it back to whoever sent it to you.",
    # pairwise comparisons
    "pairwise_how": "In each line, say which side matters more, and how many times as much as the "
    "other.",
    "pairwise_scale": "Two times: slightly more. Three: moderately. Five: strongly. Seven: very "
    "strongly. Nine: as much more as can be.",
    "pairwise_hint": "The last column compares your answers with each other once all are given. It "
    "is a reason to think again, never a rule: keep an answer that you mean.",
    "left": "Left side",
    "right": "Right side",
    "answer": "Which matters more?",
    "hint": "Do the answers fit together?",
    "left_times": "◀ left, {times} times",
    "right_times": "right, {times} times ▶",
    "equal": "both the same",
    "open": "{open} open",
    "pairs_fit": "These answers fit together.",
    "pairs_clash": "Some answers contradict each other: look at the marked line.",
    "look_again": "Look again. Your other answers say: ",
    "not_an_answer": "Choose an answer from the list.",
    # best-worst comparisons
    "best_how": "First choose the item that matters most, and the one that matters least.",
    "best_times": "Then fill in both columns with numbers from 1 (the same) to 9 (as much more as "
    "can be). Leave the grey cells empty.",
    "best": "Matters most",
    "worst": "Matters least",
    "item": "Item",
    "best_to": "The most important matters … times as much as this",
    "to_worst": "This matters … times as much as the least important",
    "is_best": "Most important: leave the first column empty.",
    "is_worst": "Least important: leave the second column empty.",
    "same_ends": "The most and the least important must differ.",
    "ends_fit": "These answers fit together.",
    "ends_clash": "Look again. By way of this item the most important matters {times} times as "
    "much as the least; you said {said} times.",
    # ratings
    "rating_how": "Give each item a number from 1 (hardly matters) to 10 (matters most).",
    "rating_scale": "An item with 10 counts twice as much as one with 5.",
    "rating": "From 1 to 10",
    "ratings_same": "All items have the same number: that says nothing about their order.",
    "ratings_done": "All items are rated.",
    # parts of a SWOT questionnaire
    "part_strength": "Strengths: what is strong inside the system",
    "part_weakness": "Weaknesses: what is weak inside the system",
    "part_opportunity": "Opportunities: what helps from outside",
    "part_threat": "Threats: what endangers from outside",
    "part_groups": "The four groups against each other",
    "strength": "Strengths",
    "weakness": "Weaknesses",
    "opportunity": "Opportunities",
    "threat": "Threats",
    # online forms
    "form_pairwise": "Which matters more: {left} (left) or {right} (right)?",
    "form_rating": "How much does this matter, from 1 to 10: {item}?",
    "form_best": "Which of these matters most?",
    "form_worst": "Which of these matters least?",
    "form_best_to": "How many times as much as this does the most important matter: {item}?",
    "form_to_worst": "How many times as much as the least important does this matter: {item}?",
    "form_in_part": "{part} – {question}",
}


def say(key: str, **fields: object) -> str:
    """Return a phrase of the questionnaire with its fields filled in.

    Examples
    --------
    >>> say("left_times", times=3)
    '◀ left, 3 times'
    """
    return ENGLISH[key].format(**fields)
