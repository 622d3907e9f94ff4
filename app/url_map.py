"""The URL map: every router of pages and API, in the order in which they are tried."""

from app.api import ROUTERS as API_ROUTERS
from app.routes import (
    applications,
    fund,
    ledger,
    loans,
    precheck,
    profiles,
    proposals,
    queue,
    session,
    state,
    users,
)

ROUTERS = (
    session.router,
    state.router,
    precheck.router,
    profiles.router,
    proposals.router,
    queue.router,
    applications.router,
    loans.router,
    fund.router,
    ledger.router,
    users.router,
    *API_ROUTERS,
)

