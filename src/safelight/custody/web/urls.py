"""Addresses of cameras, cards, stations and their oversight."""

from django.urls import path

from safelight.custody.web import ahead, browser, cameras, overseeing, register, stations, taking

app_name = "custody"
urlpatterns = [
    path("cameras/", cameras.cameras, name="cameras"),
    path("cameras/find/", cameras.find, name="find"),
    path("cameras/register/", register.register, name="register"),
    path("cameras/register/cabinet/", register.new_cabinet, name="new_cabinet"),
    path("cameras/register/camera/", register.new_camera, name="new_camera"),
    path("cameras/register/card/", register.new_card, name="new_card"),
    path("cameras/register/cabinets/<uuid:cabinet_id>/", register.cabinet, name="cabinet"),
    path("cameras/register/cameras/<slug:code>/", register.camera, name="change_camera"),
    path("cameras/register/cards/<slug:code>/", register.card, name="card"),
    path("cameras/register/cards/<slug:code>/lost/", register.card_lost, name="card_lost"),
    path("cameras/register/cards/<slug:code>/found/", register.card_found, name="card_found"),
    path("cameras/register/cards/<slug:code>/retired/", register.card_retired, name="card_retired"),
    path("cameras/leftovers/<uuid:import_id>/", overseeing.leftovers, name="leftovers"),
    path("cameras/leftovers/file/<uuid:leftover_id>/erase/", overseeing.erase, name="erase"),
    path("cameras/leftovers/file/<uuid:leftover_id>/give/", overseeing.give, name="give"),
    path("cameras/<slug:code>/", cameras.camera, name="camera"),
    path("cameras/<slug:code>/out/", taking.out, name="out"),
    path("cameras/<slug:code>/return/", cameras.bring_back, name="return"),
    path("cameras/<slug:code>/fault/", cameras.fault, name="fault"),
    path("cameras/<slug:code>/mended/", cameras.mended, name="mended"),
    path("cameras/<slug:code>/lost/", cameras.lost, name="lost"),
    path("cameras/<slug:code>/found/", cameras.found, name="found"),
    path("cameras/<slug:code>/clock/", cameras.compare_clock, name="clock"),
    path("cameras/<slug:code>/retired/", cameras.retired, name="retired"),
    path("imports/by-browser/", browser.page, name="browser"),
    path("imports/by-browser/cards", browser.cards, name="browser_cards"),
    path("imports/by-browser/<uuid:import_id>/frames/<slug:digest>", browser.frame),
    path("imports/by-browser/<uuid:import_id>/frames/<slug:digest>/left", browser.left),
    path("imports/by-browser/<uuid:import_id>/receipt", browser.receipt),
    path("imports/by-browser/<uuid:import_id>/end", browser.end),
    path("imports/ahead/<uuid:key>/", ahead.card, name="ahead"),
    path("imports/ahead/<uuid:key>/disposal/", ahead.disposal, name="ahead_disposal"),
    path("settings/stations/", stations.stations, name="stations"),
    path("settings/stations/code/", stations.new_code, name="new_code"),
    path("settings/stations/<uuid:station_id>/revoked/", stations.revoked, name="revoked"),
    path("governance/custody/", overseeing.custody, name="governance"),
    path("governance/custody/cards/<uuid:card_id>/released/", overseeing.released, name="released"),
    path("governance/custody/imports/<uuid:import_id>/released/", overseeing.import_released, name="import_released"),
]
