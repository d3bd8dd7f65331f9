"""A whole shop as bytes, for the snapshot of a clean stop.

A shop is services (Shop, Orders, Work ...: objects that are wired together when it is made) which hold data. Only the
data is kept, by the service's path and the attribute's name ("orders._index", "rows"); a shop made of the same options
takes it back in place, so that everything wired to its services stays wired.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections import deque
from collections.abc import Iterator
from types import BuiltinMethodType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

import msgspec

from simulators.woocommerce.heap import growing

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_OURS = "simulators.woocommerce."
_LENGTH = 4
_WIRED = frozenset({"options", "router", "_router", "_dispatcher", "_clock", "_shop", "after_element", "_sellable"})
"""Attributes that are made with the shop and never change, or follow from others."""

_ALLOWED = frozenset(
    {
        ("array", "_array_reconstructor"),
        ("array", "array"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("fractions", "Fraction"),
        ("msgspec._core", "rebuild"),
        ("msgspec._utils", "rebuild"),
        ("random", "Random"),
    }
)


def _services(shop: Shop) -> dict[str, Any]:
    """All services by their path; the order follows from the shop's making."""
    found: dict[str, Any] = {"": shop}
    seen = {id(shop)}
    waiting = [("", shop)]
    while waiting:
        path, service = waiting.pop(0)
        for name, value in vars(service).items():
            if name not in _WIRED and _is_service(value) and id(value) not in seen:
                seen.add(id(value))
                found[f"{path}.{name}"] = value
                waiting.append((f"{path}.{name}", value))
    return found


def _is_service(value: object) -> bool:
    ours = type(value).__module__.startswith(_OURS)
    return ours and hasattr(value, "__dict__") and not isinstance(value, msgspec.Struct)


class _Pickler(pickle.Pickler):
    """Writes a service, and a service's method, as where it is to be found again. By type and not object by object,
    because of those there are millions."""

    def __init__(self, file: io.BytesIO, services: dict[str, Any]) -> None:
        super().__init__(file, protocol=5)
        self._paths = {id(service): path for path, service in services.items()}
        kinds = dict.fromkeys(type(service) for service in services.values())
        self.dispatch_table = {**dict.fromkeys(kinds, self._service), MethodType: self._method}

    def _service(self, service: Any) -> Any:
        path = self._paths.get(id(service))
        return (found_at, (path,)) if path is not None else service.__reduce_ex__(5)

    def _method(self, method: MethodType) -> Any:
        return (found_at, (self._paths[id(method.__self__)], method.__func__.__name__))


def found_at(path: str, method: str = "") -> Any:
    """Stands in the snapshot for a service or its method; what is put there is found by `_Unpickler`."""
    raise pickle.UnpicklingError(f"{path} {method} is found in a shop only")


class _Unpickler(pickle.Unpickler):
    """Knows the shop's services, our own classes and a few plain ones, and nothing else."""

    def __init__(self, file: io.BytesIO, services: dict[str, Any], forms: dict[str, list[str]]) -> None:
        super().__init__(file)
        self._services = services
        self._forms = forms

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (found_at.__module__, found_at.__name__):
            return self._found_at
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        if module.startswith(_OURS):
            return self._ours(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a shop")

    def _ours(self, module: str, name: str) -> Any:
        try:
            found = super().find_class(module, name)
        except (AttributeError, ImportError):
            raise OtherVersion from None
        is_row = isinstance(found, type) and issubclass(found, msgspec.Struct)
        if is_row and self._forms.get(f"{module}.{name}") != list(found.__struct_fields__):
            raise OtherVersion
        return found

    def _found_at(self, path: str, method: str = "") -> Any:
        service = self._services.get(path)
        if service is None or (method and not hasattr(service, method)):
            raise OtherVersion
        return getattr(service, method) if method else service


class OtherVersion(Exception):
    """The snapshot was made by a simulator whose things look otherwise."""


def _forms() -> dict[str, list[str]]:
    """What our Structs look like. They are written by the places of their fields, so that a field put between others
    would give nonsense without a word."""
    return {f"{kind.__module__}.{kind.__qualname__}": list(kind.__struct_fields__) for kind in _kinds(msgspec.Struct)}


def _kinds(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith(_OURS):
            yield kind
        yield from _kinds(kind)


def freeze(shop: Shop) -> bytes:
    """Everything the shop knows."""
    services = _services(shop)
    kept = {
        path: {name: value for name, value in vars(service).items() if _is_data(name, value)}
        for path, service in services.items()
    }
    file = io.BytesIO()
    with growing():
        _Pickler(file, services).dump(kept)
    forms = msgspec.json.encode(_forms())
    return len(forms).to_bytes(_LENGTH) + forms + zlib.compress(file.getbuffer(), 1)


def thaw(shop: Shop, data: bytes) -> None:
    """Gives a newly made shop of the same options what another one knew.

    Raises:
        OtherVersion: before anything is changed.
    """
    begin = _LENGTH + int.from_bytes(data[:_LENGTH])
    try:
        forms = msgspec.json.decode(data[_LENGTH:begin], type=dict[str, list[str]])
    except msgspec.DecodeError:
        raise OtherVersion from None
    services = _services(shop)
    with growing():
        kept = _Unpickler(io.BytesIO(zlib.decompress(data[begin:])), services, forms).load()
        if not kept.keys() <= services.keys():
            raise OtherVersion
        for path, values in kept.items():
            for name, value in values.items():
                _put_back(services[path], name, value)


def _put_back(service: object, name: str, value: object) -> None:
    """Containers are filled again and not replaced: others may have got hold of them."""
    place = vars(service).get(name)
    if type(place) is not type(value) or place is value:
        vars(service)[name] = value
    elif isinstance(place, dict | set) and isinstance(value, dict | set):
        place.clear()
        place.update(value)
    elif isinstance(place, list | deque) and isinstance(value, list | deque):
        place.clear()
        place.extend(value)
    else:
        vars(service)[name] = value


def _is_data(name: str, value: object) -> bool:
    callables = (FunctionType, MethodType, BuiltinMethodType)
    return name not in _WIRED and not _is_service(value) and not isinstance(value, callables)
