"""Words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import ENDED, GOOD, PLAIN, REFUSED, RUNNING, WAITING, Badge

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "InstrumentAction": {
        "instrument.created": _l("Registered an instrument"),
        "instrument.changed": _l("Changed an instrument"),
        "instrument.state-changed": _l("Changed the state of an instrument"),
        "instrument.managers-changed": _l("Changed the managers of an instrument"),
    },
    "ImportAction": {
        "import.started": _l("Started an import"),
        "import.discarded": _l("Discarded an upload"),
        "import.completed": _l("Completed an import"),
    },
    "HolidayAction": {
        "holiday.changed": _l("Changed a public holiday or make-up working day"),
        "holiday.removed": _l("Removed a public holiday or make-up working day"),
    },
    "ReferenceAction": {
        "reference.noted": _l("Noted a table of reference"),
    },
    "AssetKind": {"instrument": _l("Instrument"), "facility": _l("Facility")},
    "InstrumentState": {
        "hidden": _l("Being imported"),
        "draft": _l("Draft"),
        "listed": _l("On show"),
        "suspended": _l("Suspended"),
        "retired": _l("Retired"),
    },
    "ShareMode": {
        "external": _l("Shared with everybody"),
        "internal": _l("Shared within the unit"),
        "none": _l("Not shared"),
    },
    "ServiceMode": {
        "self-operated": _l("Self-operated"),
        "assisted": _l("Assisted by the staff"),
        "commissioned": _l("Commissioned test"),
        "remote": _l("Remote"),
        "other": _l("Other way of working"),
    },
    "Origin": {
        "purchased": _l("Purchased"),
        "developed": _l("Developed by the unit"),
        "donated": _l("Donated"),
        "other": _l("Other"),
    },
    "PriceUnit": {
        "hour": _l("hour"),
        "half_day": _l("half day"),
        "day": _l("day"),
        "use": _l("use"),
        "sample": _l("sample"),
    },
    "HolidayKind": {"off": _l("Off"), "work": _l("Make-up working day")},
    "ImportKind": {"instruments": _l("List of instruments"), "history": _l("Past use")},
    "ImportState": {
        "uploaded": _l("Taken in, not checked"),
        "checking": _l("Being checked"),
        "checked": _l("Checked, not brought in"),
        "applying": _l("Being brought in"),
        "complete": _l("Complete"),
    },
    "RowVerdict": {
        "new": _l("New"),
        "changed": _l("Changed"),
        "same": _l("Unchanged"),
        "repeat": _l("Exact repeat"),
        "refused": _l("Refused"),
    },
    "ItemState": {"filled": _l("Filled in"), "empty": _l("Missing"), "too-long": _l("Too long")},
    "ColumnField": {
        "inner_id": _l("Number within the unit"),
        "name": _l("Name"),
        "english_name": _l("English name"),
        "class_code": _l("Class code"),
        "class_name": _l("Class in words"),
        "owning_unit": _l("Owning unit"),
        "evaluation_unit": _l("Evaluation unit"),
        "national_number": _l("Number on the national platform"),
        "origin": _l("Origin"),
        "funds": _l("Source of funds"),
        "worth": _l("Original value"),
        "maker": _l("Maker"),
        "model": _l("Model"),
        "maker_and_model": _l("Maker and model in one cell"),
        "nation": _l("Country of origin"),
        "acquired_on": _l("In use since"),
        "share_mode": _l("Sharing"),
        "price": _l("Price"),
        "price_unit": _l("Unit of the price"),
        "technical": _l("Technical data"),
        "function": _l("Functions"),
        "service_content": _l("Services"),
        "achievement": _l("Results achieved with it"),
        "requirement": _l("Requirements on users"),
        "subjects": _l("Subjects"),
        "town": _l("Town"),
        "postcode": _l("Postcode"),
        "address": _l("Address"),
        "service_url": _l("Web address"),
        "contact": _l("Contact"),
        "phone": _l("Telephone"),
        "email": _l("E-mail"),
    },
}

BADGES: Mapping[str, Mapping[str, Badge]] = {
    "InstrumentState": {
        "hidden": WAITING,
        "draft": PLAIN,
        "listed": GOOD,
        "suspended": Badge("yellow", "player-pause"),
        "retired": ENDED,
    },
    "ImportState": {
        "uploaded": PLAIN,
        "checking": RUNNING,
        "checked": WAITING,
        "applying": RUNNING,
        "complete": GOOD,
    },
    "HolidayKind": {"off": Badge("blue", "calendar-off"), "work": Badge("yellow", "briefcase")},
    "RowVerdict": {"new": GOOD, "changed": RUNNING, "same": PLAIN, "repeat": ENDED, "refused": REFUSED},
    "ItemState": {"filled": GOOD, "empty": WAITING, "too-long": REFUSED},
}

REFUSALS: Mapping[str, LazyString] = {
    "notice-empty": _l("Write at least one day, as in the example below."),
    "notice-line-unreadable": _l("Line %(line)s cannot be read: “%(text)s”. Write day, name, and off or work."),
    "notice-day-twice": _l("Line %(line)s names %(day)s once more; leave one of the two."),
    "class-without-parent": _l("The class %(class_code)s has no class above it in the table."),
    "not-of-the-provider": _l("Only people with a role at the provider can be managers."),
    "inner-id-taken": _l("The number %(inner_id)s is already used for another instrument of this unit."),
    "no-such-class": _l("The table of classes has no %(asked)s."),
    "no-such-priority-field": _l("These are no priority fields: %(asked)s."),
    "no-such-unit": _l("The provider has no such evaluation unit; choose one of its own, or none."),
    "email-unusable": _l("Enter a mail address such as lab@example.org."),
    "phone-unusable": _l("Enter a telephone number such as 010-12345678 or 13800138000; divide several by commas."),
    "service-url-unusable": _l("Enter a web address such as https://example.org/lab."),
    "customs-declaration": _l("A customs declaration number has %(length)s characters."),
    "picture-unreadable": _l("This is no picture that can be read; upload JPEG, PNG or WebP."),
    "picture-too-large": _l("A picture has at most %(megapixels)s million pixels; make it smaller first."),
    "picture-too-long": _l("A picture is at most %(pixels)s pixels wide and high; make it smaller first."),
    "not-a-provider": _l("This organisation is not admitted as a provider; apply for that role first."),
    "needed-for-listing": _l("Listing needs this field; please fill it in first."),
    "wrong-instrument-state": _l("This step is not possible from the present state (%(state)s)."),
    "too-many-rows": _l("A table has at most %(limit)s rows; please divide it."),
    "too-many-columns": _l("A table has at most %(limit)s columns; please leave out what is not needed."),
    "unpacks-too-large": _l("This file unpacks to more than %(limit_mib)s MiB; save it as CSV or divide it."),
    "no-such-column": _l("This column is not in the table."),
    "column-needed": _l("Choose a column or a constant for: %(fields)s."),
    "import-question-open": _l(
        "%(number)s rows give an original value without its unit; say whether bare numbers are yuan or 10,000 yuan, "
        "save, and check the rows again."
    ),
    "not-checked": _l("Check the rows first; then bring them in."),
    "import-partly-in": _l("Some of it has come in already; check the rows again and bring in the rest."),
    "import-running": _l("This import is %(state)s; wait until that is done."),
    "key-twice": _l("The number stands in the list twice with different contents; the first row is taken."),
    "file-empty": _l("The file holds no rows below its header."),
    "file-binary": _l("This is not a table; upload CSV or XLSX."),
    "file-truncated": _l("The file ends in the middle of a row; please upload it again whole."),
    "file-quote": _l("In line %(line)s a quotation mark stands inside a cell; double it, or save the file anew."),
    "file-encoding": _l("The characters cannot be read; save the file as UTF-8 or GB18030."),
    "file-cell-too-long": _l(
        "Line %(line)s has a cell that is longer than any description; is a quotation mark missing?"
    ),
    "header-missing": _l("The first row must name the columns."),
    "header-repeated": _l("These column names stand twice: %(names)s. Give each column a name of its own."),
    "row-width": _l("This row has %(cells)s cells, the header %(columns)s."),
    "value-missing": _l("A value is missing."),
    "amount-needs-unit": _l("“%(text)s” has no unit; say above whether bare numbers are yuan or ten thousand yuan."),
    "amount-range": _l("“%(text)s” is a range; enter one amount."),
    "amount-foreign-currency": _l("“%(text)s” is not in yuan; convert it first."),
    "amount-too-fine": _l("“%(text)s” is finer than a fen."),
    "amount-too-large": _l("“%(text)s” is too large to be true."),
    "amount-unreadable": _l("“%(text)s” cannot be read as an amount."),
    "word-unknown": _l("The word “%(text)s” is not known here."),
    "sharing-unknown": _l("The list does not know whether it is shared; it comes in as a draft."),
    "subjects-too-many": _l("%(number)s subjects; at most %(most)s are kept here."),
    "unit-unknown": _l("The provider has no evaluation unit “%(text)s”; the row comes in without one."),
    "day-unreadable": _l("“%(text)s” cannot be read as a day."),
    "class-code-unreadable": _l("“%(text)s” is not a class code."),
    "class-unknown": _l(
        "The class “%(text)s” is not in the table: a new instrument is put into %(taken)s, a known one keeps its own."
    ),
    "text-too-long": _l("%(length)s characters; at most %(longest)s are kept here."),
    "text-not-storable": _l("This contains characters that cannot be stored."),
}
