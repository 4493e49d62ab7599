"""The doors do what their description says: it is valid, made from the types, and Schemathesis finds no way around it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings as hypothesis_settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine, text

from core.settings import Settings
from intake.partners import problems
from intake.partners.openapi import document
from intake.partners.routes import routes
from tests.factories import a_partner
from tests.intake.doors import LITTLE, Server
from tests.intake.visitor import Visitor

SCHEMA = json.loads(document(Settings()))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    positive_data_acceptance,
    negative_data_rejection,
)
