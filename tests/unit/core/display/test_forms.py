from __future__ import annotations

import datetime as dt

from django import forms

from cms.core.display.form_widgets import DateParts
from cms.core.display.forms import FormProblem, SiteForm, share_fields
from cms.core.errors import InvalidInput


class ChildForm(SiteForm):
    nickname = forms.CharField(label="小名", help_text="不要大名")
    birth_date = forms.DateField(label="出生日期", widget=DateParts)
    sex = forms.ChoiceField(label="性别", choices=[("f", "女"), ("m", "男")], widget=forms.RadioSelect, required=False)
    agree = forms.BooleanField(label="我同意")
    autocomplete = {"nickname": "nickname"}


def test_required_field_names_itself_and_the_remedy():
    form = ChildForm({})

    assert form.errors["nickname"] == ["请填小名"]


def test_text_too_long_is_told_in_the_sites_words():
    class NameForm(SiteForm):
        name = forms.CharField(label="姓名", max_length=3)
        own = forms.CharField(label="x", max_length=3, required=False, error_messages={"max_length": "太长"})
        share = forms.CharField(label="100% 姓名", max_length=3, required=False)

    form = NameForm({"name": "一二三四", "own": "1234", "share": "12345"})

    assert form.errors == {
        "name": ["姓名最多 3 个字，现在有 4 个"],
        "own": ["太长"],
        "share": ["100% 姓名最多 3 个字，现在有 5 个"],
    }
    assert NameForm({"name": "一二三"}).errors == {}
    # A browser that knows the limit cuts what is pasted in, and says nothing.
    assert "maxlength" not in str(form)


def test_numbers_beyond_their_limits_are_told_in_the_sites_words():
    class NumberForm(SiteForm):
        both = forms.IntegerField(label="天数", min_value=1, max_value=56)
        least = forms.IntegerField(label="托位", min_value=1)
        most = forms.IntegerField(label="100% 人数", max_value=20)
        own = forms.IntegerField(label="x", max_value=3, error_messages={"max_value": "太多"})

    above = NumberForm({"both": "57", "least": "0", "most": "21", "own": "4"})
    below = NumberForm({"both": "0", "least": "1", "most": "20", "own": "3"})

    assert above.errors == {
        "both": ["天数请填 1 到 56 之间的数"],
        "least": ["托位最少填 1"],
        "most": ["100% 人数最多填 20"],
        "own": ["太多"],
    }
    assert below.errors == {"both": ["天数请填 1 到 56 之间的数"]}
    assert NumberForm({"both": "56", "least": "1", "most": "20", "own": "3"}).errors == {}
    assert NumberForm({"both": "1", "least": "1", "most": "20", "own": "3"}).errors == {}


def test_problems_point_to_the_first_input_of_each_field():
    form = ChildForm({"agree": "on"})

    assert form.problems == [
        FormProblem("请填小名", "id_nickname"),
        FormProblem("请填出生日期", "id_birth_date_year"),
    ]


def test_refusal_stands_at_the_field_it_names():
    form = ChildForm({"nickname": "豆豆", "agree": "on", "birth_date": "2025-6-3"})

    form.add_refusal(InvalidInput("不行", fields={"nickname": "已经有一个豆豆了"}))

    assert form.problems == [FormProblem("已经有一个豆豆了", "id_nickname")]


def test_refusal_without_a_field_stands_on_top():
    form = ChildForm({"nickname": "豆豆", "agree": "on", "birth_date": "2025-6-3"})

    form.add_refusal(InvalidInput("这会儿不行"))

    assert form.problems == [FormProblem("这会儿不行", "")]


def test_date_parts_make_one_date():
    form = ChildForm(
        {"nickname": "豆豆", "agree": "on", "birth_date_year": "2025", "birth_date_month": "6", "birth_date_day": "3"}
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["birth_date"] == dt.date(2025, 6, 3)


def test_date_parts_keep_what_was_typed():
    form = ChildForm({"birth_date_year": "2025", "birth_date_month": "13", "birth_date_day": "x"})

    html = form["birth_date"].as_field_group()

    assert 'name="birth_date_month"' in html
    assert 'value="13"' in html


def test_date_parts_made_by_script_break_nothing():
    form = ChildForm({"birth_date_year": "<script>", "birth_date_month": "1-1-1", "birth_date_day": ""})

    assert "birth_date" in form.errors
    assert "<script>" not in form["birth_date"].as_field_group()


def test_field_ties_hint_and_error_to_its_input():
    html = ChildForm({})["nickname"].as_field_group()

    assert 'aria-describedby="id_nickname_helptext id_nickname_error"' in html
    assert 'id="id_nickname_error"' in html
    assert 'autocomplete="nickname"' in html


def test_optional_field_says_so():
    assert "（选填）" in ChildForm()["sex"].as_field_group()


def test_whole_form_draws_every_field():
    html = str(ChildForm())

    assert [html.count(f'name="{name}"') for name in ("nickname", "birth_date_day", "sex", "agree")] == [1, 1, 2, 1]


class ChoiceForm(SiteForm):
    place = forms.ChoiceField(label="地点", choices=[("a", "甲")])
    days = forms.MultipleChoiceField(label="日子", choices=[("1", "周一")], widget=forms.CheckboxSelectMultiple)
    own = forms.CharField(label="原因", error_messages={"required": "说一下原因"})
    nameless = forms.CharField(label="")
    note = forms.CharField(label="备注", required=False)


def test_each_kind_of_field_asks_in_its_own_words():
    assert ChoiceForm({}).errors == {
        "place": ["请选地点"],
        "days": ["请选日子"],
        "own": ["说一下原因"],
        "nameless": [forms.Field.default_error_messages["required"]],
    }


def test_group_of_ticks_is_reached_by_its_first_one():
    problems = ChoiceForm({"place": "a", "own": "x", "nameless": "x"}).problems

    assert problems == [FormProblem("请选日子", "id_days_0")]


def test_labels_have_no_suffix_and_browsers_do_not_check():
    form = ChoiceForm()

    assert (form.label_suffix, form.use_required_attribute) == ("", False)
    assert ChoiceForm(label_suffix=":").label_suffix == ":"


def test_refusal_of_an_unknown_field_stands_on_top():
    form = ChildForm({"nickname": "豆豆", "agree": "on", "birth_date": "2025-6-3"})

    form.add_refusal(InvalidInput("不行", fields={"elsewhere": "换个地方", "nickname": "换个名字"}))

    assert form.problems == [FormProblem("换个地方", ""), FormProblem("换个名字", "id_nickname")]


def test_word_for_the_browser_does_not_replace_one_that_is_there():
    class Form(SiteForm):
        autocomplete = {"a": "tel", "b": "tel"}
        a = forms.CharField(widget=forms.TextInput({"autocomplete": "off"}))
        b = forms.CharField()

    words = {name: field.widget.attrs.get("autocomplete") for name, field in Form().fields.items()}
    assert words == {"a": "off", "b": "tel"}


def test_shared_fields_are_those_of_the_class():
    @share_fields
    class Shared(SiteForm):
        q = forms.CharField(label="词")

    first, second = Shared({}), Shared({"q": "a"})

    assert first.fields["q"] is second.fields["q"] is Shared.base_fields["q"]
    assert ChildForm().fields["nickname"] is not ChildForm.base_fields["nickname"]
    assert (first.is_valid(), second.is_valid()) == (False, True)
