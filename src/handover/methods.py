"""How a card is left where no station wiped it, as its certificate says it. Whoever reads one of these knows that nothing was proved."""

EMPTIED_BY_BROWSER = "deleted by a browser, not wiped"
COPIED_BY_BROWSER = "copied by a browser, nothing deleted"
DELETED_BY_CAMERA = "deleted by the camera, not proved"
