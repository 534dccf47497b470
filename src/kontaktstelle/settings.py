"""Settings: from the environment only, with defaults that run on one machine without any server.

`KONTAKTSTELLE_DATA` holds what is stored, `KONTAKTSTELLE_KEYS` what unlocks it: beside the data,
never inside, so that a copy of the one is worthless without the other (ADR 0004). Every value can
also come from a file named by `…_FILE`. Nonsense stops the start with a sentence (`checks`).
"""

import sqlite3
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.FileAwareEnv()


def _data_directory() -> Path:
    return Path(env.str("KONTAKTSTELLE_DATA", default="var")).absolute()


def _keys_directory(data: Path) -> Path:
    keys = Path(env.str("KONTAKTSTELLE_KEYS", default=str(data.parent / f"{data.name}.keys"))).absolute()
    if keys == data or data in keys.parents:
        raise ImproperlyConfigured(
            "KONTAKTSTELLE_KEYS liegt innerhalb von KONTAKTSTELLE_DATA. Schlüssel gehören neben die Daten, "
            "nie hinein: Wer eine Sicherung der Daten findet, hätte sonst auch die Schlüssel."
        )
    return keys


BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = _data_directory()
KEYS_DIR = _keys_directory(DATA_DIR)
# Where it is named, a backup is made every night; best on another machine.
BACKUPS_ARE_MADE = bool(env.str("KONTAKTSTELLE_BACKUPS", default=""))
BACKUPS_DIR = Path(
    env.str("KONTAKTSTELLE_BACKUPS", default="") or DATA_DIR.parent / f"{DATA_DIR.name}.backups"
).absolute()


def _secret_key() -> str:
    """Return the signing key; before the first `setup` there is none and nothing is signed with it."""
    if given := str(env.str("KONTAKTSTELLE_SECRET_KEY", default="")):
        return given
    file = KEYS_DIR / "signing.key"
    return file.read_text(encoding="ascii").strip() if file.exists() else "not-set-up-" + "0" * 50


SECRET_KEY = _secret_key()
DEBUG = False
# A test or a try-out on localhost has no TLS; a public installation stands behind a proxy that does.
HTTPS = env.bool("KONTAKTSTELLE_HTTPS", default=False)
ALLOWED_HOSTS = env.list("KONTAKTSTELLE_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_ADDRESS = env.str("KONTAKTSTELLE_ADDRESS", default="").rstrip("/")

INSTALLED_APPS = [
    "kontaktstelle.ui",
    "kontaktstelle.privacy",
    "kontaktstelle.places",
    "kontaktstelle.mailroom",
    "kontaktstelle.organisation",
    "kontaktstelle.topics",
    "kontaktstelle.network",
    "kontaktstelle.relay",
    "kontaktstelle.groups",
    "kontaktstelle.funding",
    "kontaktstelle.directory",
    "kontaktstelle.enquiries",
    "kontaktstelle.foundings",
    "kontaktstelle.support",
    "kontaktstelle.activities",
    "kontaktstelle.papers",
    "kontaktstelle.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "kontaktstelle.desk.apps.AccountsAtTheDesk",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "kontaktstelle.ui.middleware.PublicHeaders",
    "kontaktstelle.ui.static.StaticFiles",
    "kontaktstelle.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "kontaktstelle.desk.middleware.OnlyAtTheDesk",
    "kontaktstelle.ui.refusals.RefusalsAreShown",
]

ROOT_URLCONF = "kontaktstelle.urls"
WSGI_APPLICATION = "kontaktstelle.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "kontaktstelle.ui.templating.environment",
            "context_processors": ["kontaktstelle.ui.templating.page_context"],
            "auto_reload": False,
        },
    },
]

# --- Database -----------------------------------------------------------------------------------
# journal_mode: before 3.51.3 a WAL reset can corrupt the file (fixed also in 3.44.6 and 3.50.7), and
# deleted text stays readable in the -wal file; so old libraries run with TRUNCATE and full syncs.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3) or sqlite3.sqlite_version_info in {
    (3, 44, 6),
    (3, 50, 7),
}
_SQLITE_JOURNAL = "WAL" if _WAL_IS_SAFE else "TRUNCATE"
SQLITE_PRAGMAS = {
    "journal_mode": _SQLITE_JOURNAL,
    "synchronous": "FULL" if _WAL_IS_SAFE else "EXTRA",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    # Before 3.41 SQLite counts JSON_VALID(), which Django's JSON columns check with, among the untrusted functions.
    **({"trusted_schema": "OFF"} if sqlite3.sqlite_version_info >= (3, 41) else {}),
    "mmap_size": "268435456",
    "cache_size": "-16000",
    "temp_store": "MEMORY",
}

DATABASES = {
    "default": env.db_url(
        "KONTAKTSTELLE_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kontaktstelle.sqlite3'}"
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "".join(f"PRAGMA {name}={value};" for name, value in SQLITE_PRAGMAS.items()),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # PostgreSQL, told for which contact point each statement is made.
    DATABASES["default"]["ENGINE"] = "kontaktstelle.privacy.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Staff"
PASSWORD_HASHERS = ["kontaktstelle.organisation.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kontaktstelle.organisation.passwords.LongEnough"},
    {"NAME": "kontaktstelle.organisation.passwords.NotGuessed"},
]

# --- Post ----------------------------------------------------------------------------------------
# Without a server mails become files in the data, so that everything can be tried (mailroom.carriers).
SMTP_URL = env.str("KONTAKTSTELLE_SMTP_URL", default="")
SMTP_CA = env.str("KONTAKTSTELLE_SMTP_CA", default="")
MAIL_FROM = env.str("KONTAKTSTELLE_MAIL_FROM", default="")
# A mailbox of the office, read at the Posteingang (mailroom.incoming.mailbox); without it mails are pasted or dropped there.
IMAP_URL = env.str("KONTAKTSTELLE_IMAP_URL", default="")
IMAP_CA = env.str("KONTAKTSTELLE_IMAP_CA", default=SMTP_CA)
IMAP_OFFICE = env.str("KONTAKTSTELLE_IMAP_OFFICE", default="")
IMAP_DONE = env.str("KONTAKTSTELLE_IMAP_DONE", default="")
# Where links in mails lead on a machine that has no public address.
LOCAL_PORT = env.int("KONTAKTSTELLE_PORT", default=8000)

# --- Signing in: only under the desk's addresses (`desk.middleware`) -----------------------------------
DESK_PREFIX = "/schreibtisch/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "desk:today"
SESSION_ENGINE = "kontaktstelle.desk.sessions"
SESSION_COOKIE_NAME = "__Host-schreibtisch" if HTTPS else "schreibtisch"
CSRF_COOKIE_NAME = "__Host-formular" if HTTPS else "formular"
MFA_TRUST_COOKIE_NAME = "__Host-geraet" if HTTPS else "geraet"
KNOWN_COOKIE_NAME = "__Host-bekannt" if HTTPS else "bekannt"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = MFA_TRUST_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = MFA_TRUST_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 36_000
# Idle for so long, the desk locks (`desk.locking`).
DESK_LOCKS_AFTER = timedelta(minutes=30)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "kontaktstelle.ui.refusals.forged"
CACHES = {
    "default": {
        "BACKEND": "kontaktstelle.desk.limits.Counts",
        "LOCATION": "desk_limitcount",
        "KEY_FUNCTION": "kontaktstelle.desk.limits.hidden_key",
        # Full, the cache throws counts away; a few hundred tries at other names must not reach that.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_ADAPTER = "kontaktstelle.desk.signin.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Thirty checked tries an hour for an account, ten a minute from one place. A passkey is never slowed down by these.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,30/h/key", "login": "60/m/ip", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "kontaktstelle.desk.signin.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
# Asked once per working day on a device somebody calls known.
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 14 * 3600

# The account of the Träger instead of a password (OpenID Connect): only where a server is named.
OIDC_SERVER = env.str("KONTAKTSTELLE_OIDC_SERVER", default="")
if OIDC_SERVER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "kontaktstelle.desk.signin.carrier.Carrier"
    SOCIALACCOUNT_LOGIN_ON_GET = (
        True  # our policy lets forms go to this site alone, and this one ends at another
    )
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "traeger",
                    "name": env.str("KONTAKTSTELLE_OIDC_NAME", default="Träger"),
                    "client_id": env.str("KONTAKTSTELLE_OIDC_CLIENT"),
                    "secret": env.str("KONTAKTSTELLE_OIDC_SECRET"),
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
        }
    }

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
FORMAT_MODULE_PATH = None

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "kontaktstelle.ui.static.CompressedStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Headers ------------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy does it; behind it every request looks like http
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
        "require-trusted-types-for": ["'script'"],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    },
}

# --- Logs: only what is on the allow-list is ever written ------------------------------------------
LOGGING_CONFIG = "kontaktstelle.privacy.logs.configure"
LOGGING: dict[str, object] = {}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# What is uploaded holds private addresses or somebody's confidence: never a temporary file.
FILE_UPLOAD_HANDLERS = ["kontaktstelle.desk.uploads.OnlyInMemory"]
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []
