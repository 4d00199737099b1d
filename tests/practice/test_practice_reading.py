"""A practitioner writes a practice file: each mistake is said with its line and with what to write."""

import random
from importlib import resources

import pytest

from breathsync.errors import InputFileError, UsageError
from breathsync.practice.practice_file import at_hand, named, shipped, shipped_names
from breathsync.practice.practice_reading import load, read, words_of
from breathsync.wording import text_or_own

HEAD = 'name = "Mine"\n'
STEP = '[[steps]]\nkind = "arrive"\nlength = 30\n'


def step(*lines):
    return HEAD + "\n".join(["[[steps]]", *lines]) + "\n"


GUIDED = ('kind = "steady"', "length = 60", "pace = 6")

MISTAKES = {
    "an empty file": ("", 1, "there is no step in it. Begin each one with a line [[steps]]"),
    "curly quotation marks": (
        "name = “Mine”\n" + STEP,
        1,
        "the quotation marks are curly ones, as word processors make them: name = “Mine”. "
        'Type plain ones: "',
    ),
    "words without quotation marks": (
        "name = Mine\n" + STEP,
        1,
        'words need quotation marks: name = Mine. Write for example: title = "Arriving"',
    ),
    "no equals sign": (
        step('kind = "arrive"', "length 30"),
        4,
        "there is no = between a name and its value: length 30. Write for example: length = 60",
    ),
    "a colon for an equals sign": (
        step('kind: "arrive"', "length = 30"),
        3,
        'there is no = between a name and its value: kind: "arrive". Write for example: length = 60',
    ),
    "a quotation mark never closed": (
        step('kind = "arrive', "length = 30"),
        3,
        'a quotation mark is never closed: kind = "arrive. Words stand between two plain ones: "like this"',
    ),
    "a list never closed": (
        step('kind = "arrive"', "length = 30", 'words = [{ at = 0, words = "Hello." }') + STEP,
        5,
        'the list that begins here is never closed: words = [{ at = 0, words = "Hello." }. '
        "Put ] at its end",
    ),
    "no comma between words": (
        step(
            'kind = "arrive"',
            "length = 30",
            "words = [",
            '    { at = 0, words = "Hello." }',
            '    { at = 9, words = "There." }',
            "]",
        ),
        7,
        'there is no comma between two entries of a list: { at = 9, words = "There." }. '
        "Put one after each }",
    ),
    "a comma in a number": (
        step(*GUIDED[:2], "pace = 6,5"),
        5,
        "a number has a comma: pace = 6,5. Write a point, as in 2.5",
    ),
    "a value missing": (
        step('kind = "arrive"', "length ="),
        4,
        "there is nothing after the = here: length =",
    ),
    "True with a capital": (
        step(*GUIDED, "guide = True"),
        6,
        "only true or false can stand here, in small letters and without quotes: guide = True",
    ),
    "the same twice": (
        step('kind = "arrive"', "length = 30", "length = 40"),
        5,
        "length stands here a second time. Keep one of the two",
    ),
    "a line of prose": (
        HEAD + "* arrive, thirty seconds *\n",
        2,
        "this line cannot be read: * arrive, thirty seconds *. "
        "A line is either [[steps]], or a name, = and a value",
    ),
    "one bracket": (
        HEAD + '[steps]\nkind = "arrive"\n',
        2,
        "a step begins with two brackets on each side. Write [[steps]]",
    ),
    "step for steps": (
        HEAD + STEP.replace("steps", "step"),
        2,
        "step is not known here. Did you mean steps?",
    ),
    "no name": (STEP, 1, 'the practice has no name. Write at the top: name = "My practice"'),
    "a name that is a number": (
        "name = 3\n" + STEP,
        1,
        'name is to be words. Write for example: name = "Arriving"',
    ),
    "a key misspelt": (
        step('kind = "arrive"', "lenght = 30", "length = 30"),
        4,
        "lenght is not known here. Did you mean length?",
    ),
    "a key from nowhere": (
        step('kind = "arrive"', "length = 30", 'colour = "blue"'),
        5,
        "colour is not known here. What can stand here: kind, title, length, guide, from, pace, "
        "lengthen, words, heart, numbers, sound",
    ),
    "no kind": (
        step("length = 30"),
        2,
        'step 1 does not say what kind it is. Write for example: kind = "arrive". The kinds are: '
        "arrive, notice, slow_down, steady, image, let_go, reflect, rest, challenge, write",
    ),
    "a kind misspelt": (
        step('kind = "stedy"', "length = 30"),
        3,
        "step 1: there is no kind stedy. Did you mean steady?",
    ),
    "a kind from nowhere": (
        step('kind = "hypnosis"', "length = 30"),
        3,
        "step 1: there is no kind hypnosis. There are: arrive, notice, slow_down, steady, image, let_go, "
        "reflect, rest, challenge, write",
    ),
    "no length": (
        HEAD + STEP + '[[steps]]\nkind = "rest"\n',
        5,
        'step 2 does not say how long it is. Write for example: length = 60, or length = "12 breaths"',
    ),
    "a length nobody understands": (
        step('kind = "arrive"', 'length = "a while"'),
        4,
        'step 1: a while is no length. Write seconds, as in 60, or "2 min", or "12 breaths"',
    ),
    "a length of nothing": (
        step('kind = "arrive"', "length = 0"),
        4,
        "step 1: a length of 0 is no time at all. Write seconds above 0",
    ),
    "breaths where nothing guides": (
        step('kind = "rest"', 'length = "12 breaths"'),
        4,
        "step 1 has no guide, so its breaths cannot be counted: 12 breaths. Write seconds, or guide = true",
    ),
    "writing in the middle": (
        HEAD + '[[steps]]\nkind = "write"\n' + STEP,
        2,
        "step 1: writing comes last, in its own time. Put it at the end",
    ),
    "an hour": (
        step('kind = "rest"', 'length = "60 min"'),
        2,
        "the practice lasts 60 minutes. Keep it within 20 minutes",
    ),
    "slowing down to nowhere": (
        step('kind = "slow_down"', "length = 60"),
        2,
        "step 1 slows down, but not to where. Write for example: pace = 6",
    ),
    "too slow a pace": (
        step('kind = "steady"', "length = 60", "pace = 3"),
        5,
        "step 1: pace cannot be 3 breaths a minute, as few people are comfortable there. "
        "Choose between 4 and 12",
    ),
    "a beginning too quick": (
        step('kind = "slow_down"', "length = 60", "from = 30", "pace = 6"),
        5,
        "step 1: from cannot be 30 breaths a minute, as few people are comfortable there. "
        "Choose between 4 and 24",
    ),
    "a pace in words": (
        step('kind = "steady"', "length = 60", 'pace = "slow"'),
        5,
        "pace is to be a number without quotation marks, not slow",
    ),
    "a pace that nobody sees": (
        step('kind = "rest"', "length = 60", "pace = 6"),
        5,
        "step 1 has a pace, but no guide that shows it. Write guide = true, or take the pace away",
    ),
    "breaths that grow too fast": (
        step(*GUIDED, "lengthen = 5"),
        6,
        "step 1: each breath 5 s longer is too much. Choose between 0 and 2, such as 0.25",
    ),
    "a long hold": (
        HEAD + "rest_full = 4\n" + STEP,
        2,
        "rest_full cannot be 4: pauses stay short, so that nobody has to hold their breath. "
        "Choose between 0 and 1 seconds",
    ),
    "a ratio that is not offered": (
        HEAD + 'in_out = "4:8"\n' + STEP,
        2,
        'in_out cannot be 4:8. It can be: "5:5", "4:6"',
    ),
    "a sound that is not there": (
        HEAD + 'sound = "harp"\n' + STEP,
        2,
        'sound cannot be harp. It can be: "off", "tone", "breath"',
    ),
    "yes for true": (
        HEAD + 'listens = "yes"\n' + STEP,
        2,
        "listens can only be true or false, without quotation marks, not yes",
    ),
    "numbers beside an image": (
        step('kind = "image"', "length = 60", "numbers = true"),
        5,
        "step 1: a step of the kind image shows nothing measured. "
        "Take heart and numbers away, or write false",
    ),
    "words without words": (
        step('kind = "arrive"', "length = 30", "words = [{ at = 3 }]"),
        5,
        'step 1: words look like this: { at = 0, words = "Sit at ease." }',
    ),
    "words after the end": (
        step(
            'kind = "arrive"',
            "length = 30",
            "words = [",
            '  { at = 0, words = "Hello." },',
            '  { at = 45, words = "There." },',
            "]",
        ),
        7,
        "step 1: words at 45 s would come after its end (30 s). Choose an earlier moment",
    ),
    "words before the beginning": (
        step('kind = "arrive"', "length = 30", 'words = [{ at = -5, words = "Hello." }]'),
        5,
        "step 1: at = -5 is no moment of the step. Write seconds from its beginning, such as 0",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_with_its_line_and_what_to_write(mistake):
    file, line, message = MISTAKES[mistake]
    practice, problems = read(file, "mine")
    assert practice is None
    assert (problems[0].line, words_of(problems[0])) == (line, message)


def test_there_are_thirty_mistakes_and_more():
    assert len(MISTAKES) >= 30
    assert len({message for _, _, message in MISTAKES.values()}) == len(MISTAKES)


def test_every_mistake_of_a_file_is_found_at_once_in_order_of_lines():
    file = 'name = 3\n[[steps]]\nkind = "arive"\nlength = "soon"\n[[steps]]\nkind = "rest"\n'
    _, problems = read(file, "mine")
    assert [problem.line for problem in problems] == [1, 3, 4, 5]


def test_a_file_that_is_whole_becomes_a_practice():
    practice, problems = read(
        'name = "Mine"\nin_out = "4:6"\nrest_empty = 0.5\nsound = "breath"\nlistens = false\n'
        '[[steps]]\nkind = "Slow down"\nlength = "2 min"\nfrom = 14\npace = 5.5\nwords = "Gently."\n'
        '[[steps]]\nkind = "steady"\nlength = "12 breaths"\npace = 5.5\nsound = "off"\n',
        "mine",
    )
    assert problems == []
    assert (practice.name, practice.sound, practice.listens) == ("Mine", "breath", False)
    assert (practice.shape.inhale_share, practice.shape.rest_empty_s) == (0.4, 0.5)
    slow, steady = practice.steps
    assert (slow.kind, slow.length_s, slow.from_per_min, slow.words[0].words) == (
        "slow_down",
        120,
        14,
        "Gently.",
    )
    assert (steady.breaths, steady.sound, steady.guide) == (12, "off", True)


def test_words_over_several_lines_and_marks_within_them_keep_the_lines_right():
    file = (
        'name = "Mine"\nabout = """Two\n[[steps]] lines = "here"\n"""  # [ not a list\n'
        '[[steps]]\nkind = "rest"\ntitle = "a # and a ["\nlength = -1\n'
    )
    _, problems = read(file, "mine")
    assert [problem.line for problem in problems] == [8]


def test_a_file_with_mistakes_is_refused_with_the_first_and_how_many_more(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('name = 3\n[[steps]]\nkind = "arive"\nlength = 3\n')
    with pytest.raises(InputFileError) as refused:
        load(file)
    assert str(refused.value) == (
        f'{file}, line 1: name is to be words. Write for example: name = "Arriving". '
        f"1 more: breathsync practices check {file}"
    )


@pytest.mark.parametrize("content", [b"\xff\xfe\x00n", b"{\\rtf1 \xe4}"])
def test_a_file_of_a_word_processor_is_refused(content, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(InputFileError, match="Save it as plain text"):
        load(file)


def test_a_mark_at_the_beginning_of_the_file_is_no_mistake(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + STEP, encoding="utf-8-sig")
    assert load(file).name == "Mine"


def test_a_persons_own_practice_comes_before_a_shipped_one(tmp_path):
    (tmp_path / "a-minute.toml").write_text(HEAD + STEP)
    assert named("a-minute", tmp_path).name == "Mine"
    assert next(name for name, _ in at_hand(tmp_path)) == "a-minute"
    assert sorted(name for name, _ in at_hand(tmp_path)) == sorted(shipped_names())


def test_a_practice_that_is_not_there_is_said_with_those_that_are():
    with pytest.raises(UsageError, match=r"There is no practice teem\. There are: soothing-rhythm"):
        named("teem")


@pytest.mark.parametrize("name", shipped_names())
def test_requirement_24_every_shipped_practice_is_a_file_whose_words_can_be_translated(name):
    practice = shipped(name)
    keys = [practice.name, practice.about]
    keys += [part for step in practice.steps for part in (step.title, *(w.words for w in step.words))]
    assert all(text_or_own(key) != key for key in keys)


@pytest.mark.parametrize("name", shipped_names())
def test_requirement_25_nothing_measured_is_shown_beside_an_image(name):
    for step in shipped(name).steps:
        if step.kind in ("image", "write"):
            assert not step.heart and not step.numbers and not step.guide


@pytest.mark.parametrize("name", ["soothing-rhythm", "safe-place"])
def test_whatever_is_lost_from_a_file_it_is_read_or_said_and_never_breaks(name):
    folder = resources.files("breathsync.practice") / "practices"
    whole = (folder / f"{name}.toml").read_text(encoding="utf-8")
    rng = random.Random(1)
    for _ in range(300):
        at, length = rng.randrange(len(whole)), rng.choice([1, 1, 2, 30])
        practice, problems = read(whole[:at] + rng.choice(["", '"', "[", "="]) + whole[at + length :], name)
        assert (practice is None) == bool(problems)
        for problem in problems:
            assert 1 <= problem.line <= whole.count("\n") + 1
            assert words_of(problem)
