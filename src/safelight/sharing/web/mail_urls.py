"""Addresses of mail, for staff."""

from django.urls import path

from safelight.sharing.web import elsewhere_views, file_views, mail_views

app_name = "mail"
urlpatterns = [
    path("ask/elsewhere/", elsewhere_views.ask, name="ask_elsewhere"),
    path("mail/", mail_views.overview, name="overview"),
    path("mail/list/", mail_views.take_list, name="take_list"),
    path("mail/certificates/", mail_views.add, name="add_certificate"),
    path("mail/certificates/<uuid:certificate_id>/remove/", mail_views.remove, name="remove_certificate"),
    path("mail/letters/", mail_views.letters, name="letters"),
    path("mail/letters/<uuid:letter_id>/", mail_views.letter, name="letter"),
    path("mail/letters/<uuid:letter_id>/files/<int:number>/", file_views.give_out, name="give_out_file"),
    path("mail/letters/<uuid:letter_id>/aside/", mail_views.set_aside, name="set_aside"),
    path("opinions/<uuid:opinion_id>/letters/", mail_views.about, name="about"),
]
