"""The words of a questionnaire: every instruction, label and hint, each a whole sentence.

They are said in the language that is spoken. A workbook carries its own answers with their meaning,
so that a questionnaire in any language is read the same way.
"""

from __future__ import annotations

from mcanalysis.language import marked, phrase

ENGLISH: dict[str, str] = {
    # head
    "title_dimensions": marked("What matters most for microcredentials in an education system?"),
    "title_benefits": marked("Which benefits of microcredentials matter most to {who}?"),
    "title_factors": marked(
        "Which strengths, weaknesses, opportunities and threats {system.of} matter most?"
    ),
    "sheet_questions": marked("Questions"),
    "sheet_items": marked("What is meant"),
    "group": marked("I speak for"),
    "group_help": marked("Choose the group whose view you give."),
    "code": marked("Questionnaire"),
    "privacy": marked("Your name is not asked and must not be written anywhere in this file."),
    "time": marked(
        "{questions} questions. Fill in the yellow cells only; each has a list to choose from."
    ),
    "meant": marked("The sheet “{sheet}” says what each item stands for."),
    "save": marked("Save the file under its name and send it back to whoever sent it to you."),
    # pairwise comparisons
    "pairwise_how": marked(
        "In each line, say which side matters more, and how many times as much as the other."
    ),
    "pairwise_scale": marked(
        "Two times: slightly more. Three: moderately. Five: strongly. Seven: very "
        "strongly. Nine: as much more as can be."
    ),
    "pairwise_hint": marked(
        "The last column compares your answers with each other once all are given. It "
        "is a reason to think again, never a rule: keep an answer that you mean."
    ),
    "left": marked("Left side"),
    "right": marked("Right side"),
    "answer": marked("Which matters more?"),
    "hint": marked("Do the answers fit together?"),
    "left_times": marked("◀ left, {times} times"),
    "right_times": marked("right, {times} times ▶"),
    "equal": marked("both the same"),
    "open": marked("{open} open"),
    "pairs_fit": marked("These answers fit together."),
    "pairs_clash": marked("Some answers contradict each other: look at the marked line."),
    "look_again": marked("Look again. Your other answers say: "),
    "not_an_answer": marked("Choose an answer from the list."),
    # best-worst comparisons
    "best_how": marked("First choose the item that matters most, and the one that matters least."),
    "best_times": marked(
        "Then fill in both columns with numbers from 1 (the same) to 9 (as much more as "
        "can be). Leave the grey cells empty."
    ),
    "best": marked("Matters most"),
    "worst": marked("Matters least"),
    "item": marked("Item"),
    "best_to": marked("The most important matters … times as much as this"),
    "to_worst": marked("This matters … times as much as the least important"),
    "is_best": marked("Most important: leave both columns empty."),
    "is_worst": marked("Least important: leave the second column empty."),
    "same_ends": marked("The most and the least important must differ."),
    "ends_fit": marked("These answers fit together."),
    "ends_clash": marked(
        "Look again. By way of this item the most important matters {times} times as "
        "much as the least; you said {said} times."
    ),
    # ratings
    "rating_how": marked("Give each item a number from 1 (hardly matters) to 10 (matters most)."),
    "rating_scale": marked("An item with 10 counts twice as much as one with 5."),
    "rating": marked("From 1 to 10"),
    "ratings_same": marked("All items have the same number: that says nothing about their order."),
    "ratings_done": marked("All items are rated."),
    # parts of a SWOT questionnaire
    "part_strength": marked("Strengths: what is strong inside the system"),
    "part_weakness": marked("Weaknesses: what is weak inside the system"),
    "part_opportunity": marked("Opportunities: what helps from outside"),
    "part_threat": marked("Threats: what endangers from outside"),
    "part_groups": marked("The four groups against each other"),
    "strength": marked("Strengths"),
    "weakness": marked("Weaknesses"),
    "opportunity": marked("Opportunities"),
    "threat": marked("Threats"),
    # online forms
    "form_pairwise": marked("Which matters more: {left} (left) or {right} (right)?"),
    "form_rating": marked("How much does this matter, from 1 to 10: {item}?"),
    "form_best": marked("Which of these matters most?"),
    "form_worst": marked("Which of these matters least?"),
    "form_best_to": marked(
        "How many times as much as this does the most important matter: {item}?"
    ),
    "form_to_worst": marked(
        "How many times as much as the least important does this matter: {item}?"
    ),
    "form_in_part": marked("{part} – {question}"),
}


def say(key: str, **fields: object) -> str:
    """Return a phrase of the questionnaire with its fields filled in.

    Examples
    --------
    >>> say("left_times", times=3)
    '◀ left, 3 times'
    """
    return phrase(ENGLISH[key], **fields)
