"""What pages that open without a network share."""

import json

import pytest
from jinja2 import UndefinedError

from pipelines.views import network
from pipelines.views.offline import embedded, part, policy, template


def test_a_policy_names_scripts_and_styles_and_nothing_else():
    assert policy(["a", "b"], ["c"]) == (
        "default-src 'none'; script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=' "
        "'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='; style-src "
        "'sha256-Ln0sA6lQeuJl7PW1NWiFpTOTogKdJBOUmXJloaJa78Y='; img-src data:; connect-src 'none'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_workers_and_pictures_are_allowed_only_where_asked():
    told = policy(["a"], ["c"], images="data: blob:", workers="blob:")
    assert "img-src data: blob:; worker-src blob:; connect-src 'none'" in told
    assert "worker-src" not in policy(["a"], ["c"])


def test_a_template_escapes_and_leaves_no_place_empty():
    assert "{{ title }}" in part("network.html.j2")
    with pytest.raises(UndefinedError):
        template("network.html.j2").render(title="<b>")


def test_json_in_a_page_cannot_end_its_script():
    text = embedded({"a": "</script><!--\u2028&"})
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == {"a": "</script><!--\u2028&"}


def test_network_pages_use_the_same():
    assert network.embedded is embedded
