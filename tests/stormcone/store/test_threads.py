from stormcone.store import Store
from tests.fakes import make_incident, make_transition


def test_first_message_of_an_incident_is_kept_by_channel(store: Store) -> None:
    opened = store.incidents.apply(make_transition(make_incident()), notices_for=lambda _: ()).incident
    number = opened.id or 0
    assert store.threads.first("chat", number) is None
    store.threads.keep("chat", number, "1.1")
    store.threads.keep("chat", number, "2.2")
    store.threads.keep("other", number, "3.3")
    assert (store.threads.first("chat", number), store.threads.first("other", number)) == ("1.1", "3.3")
