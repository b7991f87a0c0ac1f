"""What a report's numbers mean, in words that it prints."""

from typing import Final

from encord_lambda.benchmark.object_scores import CONVENTIONS as OF_OBJECTS

CONVENTIONS: Final = (
    "Accuracy is the share of everything asked of a rater that is right: answers to classifications (their first"
    " level), and objects in their place (an overlap of 0.5 or more) and called what they are. An object that is called"
    " something else or is only near its place is one that is wrong; so is one that is missed or surplus.",
    "Intervals hold the true value with a probability of 95 %. Data units, not labels, are what was drawn at random:"
    " labels of one picture are alike.",
    "Nobody is ranked with fewer data units than the least number. A rank says who did better here; only where the"
    " intervals do not overlap is it called sure. Raters who were given different data units are compared as if these"
    " were equally hard.",
    "A data unit where nothing is true and nothing was given is both empty: it counts in no accuracy, and is counted"
    " apart.",
    "An answer that is missing, on either side, is a wrong one: <missing> in tables of confusion. Nested questions are"
    " compared where both sides chose the option above them. A checklist is right with all its options; texts are"
    " compared without capitals and spacing.",
    "Prelabelled data units are those whose rater saw a model's labels first and may have been led by them. They"
    " count; the accuracy without them is shown beside it.",
    "An agent stage is asked only for what it labels, in data units where its labels stand or its agent is known to"
    " have looked; one in the shadow, by what it decided last.",
    "Kappa and alpha are agreement beyond chance: where one answer is rare, they are low however well raters agree, so"
    " read them beside the raw agreement.",
    *OF_OBJECTS,
)
"""A sentence or more each."""
