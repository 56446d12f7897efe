import pytest
from report_studies import Corrected, check, make_codebook, make_results, many

from pipeline.exports.diagnosis_words import (
    FOLLOWS,
    LESS,
    MORE,
    NOT_KNOWN,
    UNCLEAR,
    list_consequences,
)
from pipeline.exports.figures import list_figures
from pipeline.findings import diagnoses
from pipeline.tables import DIAGNOSES

CODEBOOK = make_codebook(code="risk_appetite", label="Appetite for risk")
SHORT = {("North", "individual", "lacking"): Corrected(0.3, 0.2, 0.4)}
RISK = ("risk_appetite", "lacking")


def study(**areas):
    said = [*many("North", 200), *many("South", 200)]
    shares = {(area, *RISK): share for area, share in areas.items()}
    return check(make_results(*said, codebook=CODEBOOK), SHORT | shares)


def hear(results):
    return list_consequences("North", results, list_figures(results))


def test_the_words_are_those_of_the_findings():
    theirs = (diagnoses.MORE, diagnoses.LESS, diagnoses.UNCLEAR, diagnoses.NOT_KNOWN)
    assert theirs == (MORE, LESS, UNCLEAR, NOT_KNOWN)
    assert set(FOLLOWS) == set(diagnoses.EXPECTED)


@pytest.mark.parametrize(
    ("north", "south", "heard"),
    [
        (
            Corrected(0.3, 0.2, 0.4),
            Corrected(0.1, 0.05, 0.2),
            "It is heard here more than elsewhere: 30% [20% to 40%] of passages here, 10% "
            "elsewhere, a difference of 20 percentage points [6 to 31].",
        ),
        (
            Corrected(0.1, 0.05, 0.2),
            Corrected(0.3, 0.2, 0.4),
            "It is heard here less than elsewhere: 10% [5% to 20%] of passages here, 30% "
            "elsewhere, a difference of −20 percentage points [−31 to −6].",
        ),
        (
            Corrected(0.1, 0.0, 0.3),
            Corrected(0.09, 0.0, 0.2),
            "It is heard about as much as elsewhere, or too little was checked to tell: 10% [0% to "
            "30%] of passages here, 9% elsewhere, a difference of 1 percentage point [−14 to 23].",
        ),
    ],
)
def test_whether_the_consequence_is_heard_is_said_with_shares_and_interval(north, south, heard):
    (consequence,) = hear(study(North=north, South=south))
    assert consequence.theory == (
        "Where individual power is short, the theory says, no risk is taken and nothing new is "
        "tried, whatever is allowed."
    )
    assert consequence.heard == (f"It would be heard as ‘Appetite for risk: lacking’. {heard}")


def diagnosis(**others):
    row = {"area": "North", "power": "individual", "problem": "short", "extent": 0.8}
    row |= {"expected_code": "risk_appetite", "expected_stance": "lacking", "status": "unverified"}
    return DIAGNOSES.build(
        [{**row, "heard": "unverified", "share": 0.25, "elsewhere": 0.05, **others}]
    )


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (
            {},
            "It would be heard as ‘Appetite for risk: lacking’: 10 of 40 passages, 25%; elsewhere "
            "5%. Nobody has checked a sample, so whether the talk here shows it is not known.",
        ),
        (
            {"heard": NOT_KNOWN, "share": float("nan")},
            "It would be heard as ‘Appetite for risk: lacking’, but whether it is, is not known: "
            "it was not coded.",
        ),
        (
            {"heard": NOT_KNOWN},
            "It would be heard as ‘Appetite for risk: lacking’: 10 of 40 passages, 25%. Elsewhere "
            "5%, as coded: nobody has checked a sample there, so there is nothing sure to compare "
            "with.",
        ),
        (
            {"expected_code": "another", "heard": NOT_KNOWN},
            "Whether the talk here shows it is not known: the codebook has no code for it.",
        ),
    ],
)
def test_what_is_not_known_is_not_said_to_be_absent(others, words):
    results = make_results(
        *many("North", 40, codes={RISK: 0.9}, every=4),
        codebook=CODEBOOK,
        diagnoses=diagnosis(**others),
    )
    assert [consequence.heard for consequence in hear(results)] == [words]


def test_one_area_has_nothing_to_compare_with():
    said = many("North", 200)
    shares = SHORT | {("North", *RISK): Corrected(0.3, 0.2, 0.4)}
    (consequence,) = hear(check(make_results(*said, codebook=CODEBOOK), shares))
    assert consequence.heard.endswith(
        ": 30% [20% to 40%] of passages. There is nothing to compare with."
    )


def test_of_a_power_that_crowds_out_no_consequence_is_said():
    shares = {("North", "individual", "excessive"): Corrected(0.3, 0.2, 0.4)}
    results = check(make_results(*many("North", 200), codebook=CODEBOOK), shares)
    assert list(results.diagnoses["problem"]) == ["too much"]
    assert hear(results) == []


def test_without_rows_nothing_is_said():
    results = make_results(*many("North", 40, codes={("individual", "lacking"): 0.9}))
    assert hear(results) == []
