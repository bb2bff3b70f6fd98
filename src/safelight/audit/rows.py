"""Finding, adding and changing rows by statements that are written once.

Django writes each statement anew, which takes ten times as long as it takes the database to carry one out: what happens for every photo
goes this way. Values are made fit for their columns by Django's fields, as Django does it. There are no signals, and no key comes back.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)
Columns = tuple["models.Field[Any, Any]", ...]
Read = Callable[[object, BaseDatabaseWrapper], object]


def first(model: type[Row], statement: str, *values: UUID | str | bool) -> Row | None:
    """The first row that a statement finds, with all the columns of a model; None where there is none."""
    link = _link()
    with link.cursor() as cursor:
        cursor.execute(statement, _plain(values))
        found = cursor.fetchone()
        names = tuple(column[0] for column in cursor.description)
    if found is None:
        return None
    attributes, readers = _readers(model, names, link.vendor)
    return model.from_db(link.alias, attributes, [read(found[at], link) for at, read in readers])


def value(statement: str, *values: UUID | str | bool) -> Any:
    """The one value that a statement finds, as the database gives it; None where there is none."""
    with _link().cursor() as cursor:
        cursor.execute(statement, _plain(values))
        row = cursor.fetchone()
    return row and row[0]


def add(row: models.Model) -> None:
    """Insert one row."""
    add_all([row])


def add_all(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model. A number that the database counts by itself is left to it."""
    if not rows:
        return
    link, (statement, columns) = _link(), _insert(type(rows[0]))
    values = [[column.get_db_prep_save(column.pre_save(row, add=True), link) for column in columns] for row in rows]
    with link.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - Django's name


def change(row: models.Model, *, where: Mapping[str, object], to: Mapping[str, object]) -> bool:
    """Update one row, known by its key, if it still has these values; whether it had. The object itself stays as it is."""
    link, (statement, columns) = _link(), _update(type(row), tuple(to), tuple(where))
    values = [*to.values(), row.pk, *where.values()]
    fit = [_fit(column, value, link) for column, value in zip(columns, values, strict=True)]
    with link.cursor() as cursor:
        cursor.execute(statement, fit)
        return bool(cursor.rowcount)


def _plain(values: Sequence[UUID | str | bool]) -> list[str | bool]:
    """Both databases compare an id with its 32 digits."""
    return [value.hex if isinstance(value, UUID) else value for value in values]


def _fit(column: "models.Field[Any, Any]", value: object, link: BaseDatabaseWrapper) -> Any:
    if isinstance(value, models.Model):
        value = value.pk
    return column.get_db_prep_save(value, link)


def _link() -> BaseDatabaseWrapper:
    """The connection itself: what Django's `connection` gives looks it up again for each of its members."""
    return connections[DEFAULT_DB_ALIAS]


@cache
def _readers(model: type[models.Model], names: tuple[str, ...], _vendor: str) -> tuple[list[str], list[tuple[int, Read]]]:
    """For each column of a model its attribute, its place in what a statement gives, and how its value is read."""
    columns, link = model._meta.concrete_fields, _link()  # noqa: SLF001 - Django's name
    return [column.attname for column in columns], [(names.index(column.column), _reader(column, link)) for column in columns]


def _reader(column: "models.Field[Any, Any]", link: BaseDatabaseWrapper) -> Read:
    expression = column.cached_col
    converters = [*link.ops.get_db_converters(expression), *column.get_db_converters(link)]

    def read(value: object, link: BaseDatabaseWrapper) -> object:
        for convert in converters:
            value = convert(value, expression, link)
        return value

    return read


@cache
def _insert(model: type[models.Model]) -> tuple[str, Columns]:
    about = model._meta  # noqa: SLF001 - Django's name
    columns = tuple(column for column in about.concrete_fields if not isinstance(column, models.AutoField | models.BigAutoField))
    names, places = ", ".join(map(_name, columns)), ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{about.db_table}" ({names}) VALUES ({places})', columns  # noqa: S608 - the names are our models'


@cache
def _update(model: type[models.Model], to: tuple[str, ...], where: tuple[str, ...]) -> tuple[str, Columns]:
    about = model._meta  # noqa: SLF001 - Django's name
    columns = [cast("models.Field[Any, Any]", about.get_field(name)) for name in (*to, about.pk.name, *where)]
    said = [f"{_name(column)} = %s" for column in columns]
    changed, known = ", ".join(said[: len(to)]), " AND ".join(said[len(to) :])
    return f'UPDATE "{about.db_table}" SET {changed} WHERE {known}', tuple(columns)  # noqa: S608 - the names are our models'


def _name(column: "models.Field[Any, Any]") -> str:
    return f'"{column.column}"'
