"""Static files under names that change with their content, so that a browser may keep them for ever."""

from collections.abc import Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Extensions of htmx that no page uses. One of them holds an example of an import, which would be looked for as a file.
LEFT_OUT = "django_htmx/ext/"


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # WhiteNoise ships no types
    """The modules' imports are renamed with the files that they name."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, object], **options: object) -> Iterator[tuple[str, str, bool]]:
        wanted = {name: found for name, found in paths.items() if not name.startswith(LEFT_OUT)}
        return super().post_process(wanted, **options)  # type: ignore[no-any-return]  # untyped in Django
