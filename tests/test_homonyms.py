"""Words of the codebook in another sense: the shipped model does not fall for them."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.codebook import read_codebook
from pipeline.coding.model import load_encoder, load_model

DEFAULT = Path(__file__).parents[1] / "models" / "default"
HOMONYMS = """\
I was moved from St Bede's to the Royal Devon NHS Trust in the spring of 2016.
The academy trust has its office above the building society on Fore Street.
She left the money in a trust fund for the two grandchildren.
We stopped for tea at the National Trust house on the way back.
The hearing took place on the Tuesday, in the small committee room.
In the first place I should say that I wear hearing aids, so do speak up.
We got third place in the quiz, which is about usual for us.
They have put in agile desks on the second floor, the ones that go up and down.
He is quite an agile man for eighty-one, he does the stairs twice a day.
The Leader sat at the far end of the table, and the clerk sat next to her.
I read about it in the Leader, that is the weekly paper round here.
The mountain leader course is six days and then an assessment.
There is a business partnership tax return that goes in at the end of January.
My partner drives the number nine bus and I do the school run.
The partners at the law firm send a card every Christmas.
Butter spread straight from the fridge tears the bread, so leave it out.
The ash spread over the car park when the wind got up.
I recorded it on a voice memo and my daughter typed it up.
She lost her voice on the Friday and could only whisper.
My phone ran out of data on the train somewhere after Didcot.
The date and the data field are in the wrong columns on that form.
The lab grew a culture from the swab and rang on the Monday.
He is the portfolio holder for leisure, culture and libraries.
There is an apple tree, an iterative loop in the program, and that is all I remember of the slide.
The risk register is tab four of the workbook, after the contacts.
My blood pressure puts me at risk of a stroke, the doctor says.
We had a permission slip to sign for the trip to the zoo.
Planning permission for the porch came through in eleven weeks, which is the statutory period.
The community centre is the brick building next to the chemist.
Community Transport is the name on the side of the minibus.
An individual in a blue coat came in at about ten past two.
We sell them as individual portions, in foil trays.
The hierarchy on the website goes home page, services, then forms.
He works for the power company, on the cables.
There was a power cut at about six and it came back on at eight.
The stability of the ladder depends on the angle, one in four.
It was a stable block before they turned it into flats.
The social in social club is a bar, a snooker table and a stage.
The Jubilee fell on a Thursday that year, and the bins were collected on the Wednesday.
My shift pattern is four on and four off, twelve hours each.
Evidence bundle seven, page forty, second paragraph, that is my signature.
I joined in 1998 as a trainee and I have worked in three of the offices since.
The professional exams are in June and again in November.
The shared drive is the letter S, and the folder is called Minutes.
The outcome of the toss was that we batted first.
My passion fruit came up but the frost got it.
They are a diverse lot, the beetles on that heath, forty species at the last count.
The share price was about four pounds when I bought them.
The fire authority has its headquarters on the ring road.
The Learning Disability Nurses' forum meets in room 12 on the first Monday.
The innovation centre is the glass building past the second roundabout.
Austerity Street is what the map calls it, though the sign has been missing for years.
The order of service was printed on cream card with a ribbon.
The disorder is called Raynaud's, it makes my fingers go white.
The choir wants more low voices for the carol service.
The bank has a branch in every town between here and the coast.
The permitted length of a carp rod is on the board by the pond.
Half the members of the bowls club are called Ian.
The lead on the church roof is Victorian.
The power was off from six till nine, so we ate by candle.
He is learning the trombone, next door are very good about it.
The jury was sworn in before lunch and sent home by three.
The evidence bags are in the grey cupboard behind the counter.
Her passion is fruit cake with cheese.
""".splitlines()


@pytest.fixture(scope="module")
def applied():
    model = load_model(DEFAULT, read_codebook("shipped"))
    vectors = np.array(list(load_encoder(DEFAULT).encode(HOMONYMS)), dtype=np.float32)
    return model.score(vectors, [""] * len(HOMONYMS)) >= model.cutoffs.applied


def test_there_are_enough_of_them():
    assert len(set(HOMONYMS)) == len(HOMONYMS) >= 40


def test_of_words_in_another_sense_95_percent_get_no_code(applied):
    coded = [text for text, row in zip(HOMONYMS, applied, strict=True) if row.any()]
    assert len(coded) <= 0.05 * len(HOMONYMS), coded
