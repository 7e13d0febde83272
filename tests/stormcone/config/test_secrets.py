from alerts.channels.email import EmailSettings
from stormcone.config import StoreSettings, gather_secrets

MAIL = EmailSettings.model_validate(
    {
        "id": "mail",
        "type": "email",
        "host": "h",
        "from": "a@b.test",
        "to": "c@d.test",
        "user_env": "MAIL_USER",
        "password_env": "MAIL_PASSWORD",
    }
)
ENVIRONMENT = {"MAIL_PASSWORD": "hunter-two", "DB": "postgresql://u:p@db/s", "AWS_SECRET_ACCESS_KEY": "not ours"}


def test_only_variables_that_settings_name_are_read() -> None:
    gathered = gather_secrets([MAIL, StoreSettings(url_env="DB")], ENVIRONMENT)
    assert gathered == {"DB": "postgresql://u:p@db/s", "MAIL_PASSWORD": "hunter-two"}


def test_settings_that_name_none_gather_none() -> None:
    assert gather_secrets([StoreSettings(), StoreSettings(url_env="")], {"": "x", **ENVIRONMENT}) == {}


def test_settings_never_hold_a_secret() -> None:
    gather_secrets([MAIL], ENVIRONMENT)
    assert "hunter-two" not in repr(MAIL)
