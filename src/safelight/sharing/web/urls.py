"""Addresses of opinions. None of them holds anything that names a patient; none is a key: every request is asked anew who makes it."""

from django.urls import path

from safelight.sharing.web import answer_views, ask_views, emergency_views, inbox_views, record_views, thread_views

app_name = "sharing"
urlpatterns = [
    path("ask/", ask_views.ask, name="ask"),
    path("ask/covered/<uuid:patient_id>/<uuid:photograph_id>/", ask_views.covered, name="covered"),
    path("ask/later/<uuid:visit_id>/", ask_views.later, name="later"),
    path("ask/kept/<uuid:question_id>/done/", ask_views.not_needed, name="not_needed"),
    path("emergency/", emergency_views.call, name="emergency"),
    path("emergency/owed/", emergency_views.owed, name="calls_owed"),
    path("emergency/<uuid:call_id>/settle/", emergency_views.settle, name="settle"),
    path("opinions/", inbox_views.inbox, name="inbox"),
    path("opinions/of/<uuid:patient_id>/", record_views.of_patient, name="of_patient"),
    path("opinions/<uuid:opinion_id>/", thread_views.thread, name="opinion"),
    path("opinions/<uuid:opinion_id>/open/", thread_views.open_it, name="open"),
    path("opinions/<uuid:opinion_id>/state/", thread_views.state_part, name="state"),
    path("opinions/<uuid:opinion_id>/photos/<uuid:item_id>/", thread_views.photo, name="photo"),
    path("opinions/<uuid:opinion_id>/answer/", answer_views.answer, name="answer"),
    path("opinions/<uuid:opinion_id>/better/", answer_views.better_photo, name="better_photo"),
    path("opinions/<uuid:opinion_id>/on-it/", answer_views.on_it, name="take_on"),
    path("opinions/<uuid:opinion_id>/pass-on/", answer_views.pass_it_on, name="pass_on"),
    path("opinions/<uuid:opinion_id>/read/", thread_views.read, name="read"),
    path("opinions/<uuid:opinion_id>/seen/", thread_views.seen, name="seen"),
    path("opinions/<uuid:opinion_id>/take-back/", thread_views.take_it_back, name="take_back"),
]
