"""What a text or a number of a given name or format looks like; the names are those of any API."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping

from leadline_mock.source import Source

Draw = Callable[[Source], str]
Range = tuple[float, float, int]
"""The smallest and the largest number, and how many digits come after the point."""


def _fake(provider: str) -> Draw:
    return lambda source: source.fake(provider)


def _shaped(shape: str) -> Draw:
    return lambda source: source.shaped(shape)


def _one_of(*values: str) -> Draw:
    return lambda source: source.pick(*values)


def _hexadecimal(digits: int) -> Draw:
    return lambda source: f"{source.random.getrandbits(4 * digits):0{digits}x}"


def _time(pattern: str) -> Draw:
    return lambda source: source.time().strftime(pattern)


def _url(below: str = "", ending: str = "") -> Draw:
    return lambda source: f"https://example.com/{below}{source.fake('slug')}{ending}"


def _host(source: Source) -> str:
    return f"{source.fake('word')}.example.com"


def _uuid(source: Source) -> str:
    return str(uuid.UUID(int=source.random.getrandbits(128), version=4))


def _base64(source: Source) -> str:
    return base64.b64encode(source.random.randbytes(12)).decode()


def _address(source: Source) -> str:
    street, city, state = (source.fake(one) for one in ("street_address", "city", "state_abbr"))
    return f"{street}, {city}, {state} {source.fake('postcode')}"


def _birthday(source: Source) -> str:
    return f"{source.random.randint(1950, 2004)}-{source.time():%m-%d}"


def _user_agent(source: Source) -> str:
    version = source.random.randint(100, 140)
    return f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"


def two_words(source: Source) -> str:
    """A text of which nothing is known."""
    return f"{source.fake('word')} {source.fake('word')}"


_PHONE = _shaped("+1-2##-555-01##")
"""555-0100 to 555-0199 are nobody's numbers."""
_MOMENT = _time("%Y-%m-%dT%H:%M:%SZ")
_DATE = _time("%Y-%m-%d")
_CLOCK = _time("%H:%M:%SZ")
_CODE = _shaped("??-#####")
_IMAGE = _url("images/", ".png")

FORMATS: Mapping[str, Draw] = {
    "date-time": _MOMENT,
    "date": _DATE,
    "time": _CLOCK,
    "duration": lambda source: f"PT{source.random.randint(1, 48)}H",
    "email": _fake("safe_email"),
    "idn-email": _fake("safe_email"),
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": _fake("ipv4_private"),
    "ipv6": lambda source: f"2001:db8::{source.random.getrandbits(16):x}",
    "uri": _url(),
    "url": _url(),
    "iri": _url(),
    "uri-reference": lambda source: f"/{source.fake('slug')}",
    "iri-reference": lambda source: f"/{source.fake('slug')}",
    "uri-template": lambda source: f"/{source.fake('slug')}/{{id}}",
    "json-pointer": lambda source: f"/{source.fake('word')}",
    "uuid": _uuid,
    "byte": _base64,
    "base64": _base64,
    "password": _hexadecimal(16),
}


def _table(*rows: tuple[str, Draw]) -> dict[str, Draw]:
    return {name.strip(): draw for names, draw in rows for name in names.split(",")}


TEXTS: Mapping[str, Draw] = _table(
    # People
    ("first name, given name, forename, middle name, firstname", _fake("first_name")),
    ("last name, family name, surname, lastname", _fake("last_name")),
    ("name, full name, display name, person, contact, author, owner, recipient", _fake("name")),
    ("user, user name, username, nickname, nick, login, handle", _fake("user_name")),
    ("email, e mail, mail, email address", _fake("safe_email")),
    ("phone, phone number, telephone, tel, mobile, cell, fax", _PHONE),
    ("birthday, birthdate, birth date, date of birth, dob", _birthday),
    ("gender, sex", _one_of("female", "male", "other")),
    ("salutation, honorific, name prefix", _fake("prefix")),
    ("job, job title, occupation, profession", _fake("job")),
    ("company, company name, employer, organization, organisation, business", _fake("company")),
    ("organization name, organisation name, business name, brand", _fake("company")),
    # Places
    ("address, full address, location", _address),
    ("street, street address, address line, street name", _fake("street_address")),
    ("line 1, address 1, address line 1, street 1", _fake("street_address")),
    ("line 2, address 2, address line 2, street 2, apartment", _fake("secondary_address")),
    ("house number, building number, street number", _fake("building_number")),
    ("city, town, city name, place", _fake("city")),
    ("state, province, region, state name", _fake("state")),
    ("state code, state abbreviation", _fake("state_abbr")),
    ("zip, zipcode, zip code, postcode, post code, postal code", _fake("postcode")),
    ("country, country name, nationality", _fake("country")),
    ("country code", _fake("country_code")),
    ("timezone, time zone, tz", _fake("timezone")),
    ("language, language code, lang", _one_of("en", "de", "fr", "es", "it", "nl", "pl")),
    ("locale", _one_of("en-US", "en-GB", "de-DE", "fr-FR", "es-ES")),
    # The web
    ("url, uri, link, href, website, web site, homepage, home page", _url()),
    ("image, photo, avatar, picture, thumbnail, logo, icon", _IMAGE),
    ("image url, photo url, avatar url, thumbnail url, logo url, picture url", _IMAGE),
    ("domain, domain name, host, hostname, host name", _host),
    ("ip, ip address, ip addr, ipv 4", _fake("ipv4_private")),
    ("mac, mac address", _fake("mac_address")),
    ("user agent", _user_agent),
    ("slug, permalink", _fake("slug")),
    ("path, route", lambda source: f"/{source.fake('slug')}"),
    ("file, file name, filename, attachment", _fake("file_name")),
    ("mime type, mimetype, content type, media type", _fake("mime_type")),
    # Money and goods
    ("currency, currency code", _one_of("USD", "EUR", "GBP", "CHF", "JPY")),
    ("iban, bank account", _fake("iban")),
    ("bic, swift", _fake("swift")),
    ("card number, credit card, credit card number", lambda _: "4111111111111111"),
    ("sku, serial, serial number, code, coupon", _CODE),
    ("reference, order number, invoice number, customer number, tracking number", _CODE),
    ("barcode, ean, gtin, upc", _fake("ean13")),
    ("isbn", lambda source: source.fake("isbn13").replace("-", "")),
    ("vin", _fake("vin")),
    ("license plate, licence plate, plate", _fake("license_plate")),
    ("color, colour, color name", _fake("color_name")),
    ("hex color, hex colour, color code", _fake("hex_color")),
    # Texts
    ("title, subject, headline, heading, product, product name", _fake("catch_phrase")),
    ("description, content, body, detail, bio, about, text, abstract", _fake("paragraph")),
    ("note, comment, message, summary, remark, caption, question, answer", _fake("sentence")),
    ("conversation, reason, instruction, feedback", _fake("sentence")),
    ("status", _one_of("active", "pending", "done", "closed")),
    ("label, tag, category, keyword, type, kind, topic, group, key", _fake("word")),
    # Times
    ("date, day, birth, due, deadline", _DATE),
    ("at, on, timestamp, created, updated, modified, deleted, date time, datetime", _MOMENT),
    ("time, clock", _time("%H:%M")),
    ("month name", _time("%B")),
    ("weekday, day of week, week day", _time("%A")),
    # Names that machines give
    ("uuid, guid", _uuid),
    ("id, identifier", _hexadecimal(24)),
    ("token, secret, api key, access key, password, nonce", _hexadecimal(32)),
    ("hash, checksum, digest, etag, fingerprint, signature", _hexadecimal(40)),
    ("version, release", _shaped("#.#.#")),
)


def _ranges(*rows: tuple[str, Range]) -> dict[str, Range]:
    return {name.strip(): span for names, span in rows for name in names.split(",")}


NUMBERS: Mapping[str, Range] = _ranges(
    ("id, identifier, number", (1, 9999, 0)),
    ("year, model year", (1995, 2025, 0)),
    ("month", (1, 12, 0)),
    ("day, day of month", (1, 28, 0)),
    ("hour", (0, 23, 0)),
    ("minute, second", (0, 59, 0)),
    ("at, on, timestamp, created, updated, modified", (1_704_067_200, 1_767_139_200, 0)),
    ("age", (18, 90, 0)),
    ("price, unit price, cost, fee, tax, shipping, discount amount", (5, 500, 2)),
    ("amount, total, subtotal, balance, payment, deposit", (10, 5000, 2)),
    ("salary, income, budget, revenue", (20_000, 150_000, 0)),
    ("probability, confidence, ratio, fraction", (0, 1, 2)),
    ("percent, percentage, rate, discount, progress", (0, 100, 0)),
    ("rating, star", (1, 5, 0)),
    ("score", (0, 100, 0)),
    ("credit score", (300, 850, 0)),
    ("quantity, qty, count, stock, seat, capacity", (1, 50, 0)),
    ("page, position, order, index, rank, priority, level, version", (1, 10, 0)),
    ("limit, page size, per page", (10, 100, 0)),
    ("latitude, lat", (-90, 90, 6)),
    ("longitude, lng, lon", (-180, 180, 6)),
    ("weight, height, width, length, depth, volume", (1, 200, 1)),
    ("size", (1, 100_000, 0)),
    ("distance, radius", (1, 500, 1)),
    ("mileage, odometer", (100, 150_000, 0)),
    ("temperature", (-10, 35, 1)),
    ("duration, timeout, interval", (1, 3600, 0)),
    ("port", (1024, 65_535, 0)),
    ("status, status code", (200, 204, 0)),
    ("zip, zipcode, zip code, postcode, post code, postal code", (10_000, 99_999, 0)),
    ("phone, phone number, mobile", (2_025_550_100, 2_025_550_199, 0)),
)
