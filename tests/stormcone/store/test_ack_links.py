import pytest

from stormcone.errors import UsageError
from stormcone.store import Store, open_store
from stormcone.store.ack_links import AckLinkStore
from stormcone.store.exports import Exported
from tests.fakes import make_incident, make_transition


def test_key_is_drawn_once_and_kept(store: Store) -> None:
    key = store.ack_links.key()
    assert len(key) == 32
    assert AckLinkStore(store.database).key() == key
    other = open_store("sqlite://")
    assert other.ack_links.key() != key
    other.close()


def test_link_works_once_and_its_second_use_changes_nothing(store: Store) -> None:
    opened = store.incidents.apply(make_transition(make_incident()), notices_for=lambda _: ()).incident
    changed = make_transition(opened)
    assert not store.ack_links.is_used("key")
    used = store.incidents.apply(changed, notices_for=lambda _: (), link="key").incident
    assert store.ack_links.is_used("key")
    with pytest.raises(UsageError, match="used already"):
        store.incidents.apply(make_transition(used), notices_for=lambda _: (), link="key")
    assert store.incidents.get(used.id or 0).version == used.version


def test_link_is_not_used_up_where_its_act_is_not_stored(store: Store) -> None:
    def broken(_: object) -> tuple[()]:
        raise UsageError("not this time")

    with pytest.raises(UsageError, match="not this time"):
        store.incidents.apply(make_transition(make_incident()), notices_for=broken, link="key")
    assert not store.ack_links.is_used("key")


def test_no_export_has_a_column_that_could_hold_a_link(store: Store) -> None:
    columns = {name for what in Exported for name in store.exports.columns(what)}
    assert not columns & {"message_json", "links", "value"}
