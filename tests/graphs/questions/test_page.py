"""The page of questions is made from the files, and reading commands need little to read them."""

import re
import subprocess
import sys
import time

import pytest

from graphs.questions.catalogue import page, questions
from pipelines.policy import lint as forbidden_words
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "questions.md"


def test_the_page_is_what_the_files_say():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -c 'from graphs.questions.catalogue import page; print(page(), end=\"\")' > docs/questions.md"
    )


def test_every_question_has_its_section_with_all_that_its_header_says():
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", page(), re.MULTILINE | re.DOTALL))
    assert list(sections) == list(questions())
    for name, one in questions().items():
        said = [one.title, one.meaning, *one.caveats]
        said += [f"`{field.name}`" for field in (*one.parameters, *one.columns)]
        said += [field.meaning for field in (*one.parameters, *one.columns)]
        assert [text for text in said if text not in sections[name]] == []


@pytest.mark.parametrize("one", questions().values(), ids=list(questions()))
def test_no_question_accuses(one):
    words = [one.title, one.meaning, *one.caveats, *(field.meaning for field in (*one.parameters, *one.columns))]
    assert [word for text in words for word in forbidden_words(text)] == []
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    assert one.meaning.endswith(".")
    assert all(caveat.endswith(".") for caveat in one.caveats)


def test_a_command_that_reads_imports_neither_dagster_nor_the_schemas():
    code = (
        "import sys; from graphs.questions.catalogue import questions; questions();"
        "print([name for name in ('dagster', 'dataframely', 'neo4j', 'ladybug', 'pycountry') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout.strip() == "[]"


def test_the_questions_are_read_in_no_time():
    took = []
    for _ in range(5):
        questions.cache_clear()
        start = time.perf_counter()
        questions()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.02
