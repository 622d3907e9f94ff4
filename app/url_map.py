"""The URL map: every router of pages and API, in the order in which they are tried."""

from app.api import applications as api_applications
from app.api import bank as api_bank
from app.api import calculators, openapi
from app.api import closing as api_closing
from app.api import collateral as api_collateral
from app.api import conditions as api_conditions
from app.api import fund as api_fund
from app.api import fund_accounts as api_fund_accounts
from app.api import ledger as api_ledger
from app.api import ledger_reports as api_ledger_reports
from app.api import loan_money as api_loan_money
from app.api import loans as api_loans
from app.api import procurement as api_procurement
from app.api import profiles as api_profiles
from app.api import proposals as api_proposals
from app.api import provisions as api_provisions
from app.api import servicing as api_servicing
from app.api import session as api_session
from app.api import trail as api_trail
from app.routes import (
    applications,
    appraisal_studies,
    bank,
    bank_lines,
    closing,
    collateral,
    exports,
    fund,
    imports,
    ledger,
    ledger_files,
    ledger_reports,
    loan_files,
    loans,
    pay_outs,
    precheck,
    profile_drafts,
    profiles,
    proposals,
    provisions,
    queue,
    reversals,
    session,
    state,
    trail,
    users,
)

ROUTERS = (
    session.router,
    state.router,
    precheck.router,
    profiles.router,
    profile_drafts.router,
    proposals.router,
    queue.router,
    applications.router,
    appraisal_studies.router,
    loan_files.router,
    loans.router,
    pay_outs.router,
    collateral.router,
    fund.router,
    ledger_files.router,
    ledger_reports.router,
    ledger.router,
    reversals.router,
    trail.router,
    bank.router,
    bank_lines.router,
    provisions.router,
    closing.router,
    exports.router,
    imports.router,
    users.router,
    calculators.router,
    api_session.router,
    api_profiles.router,
    api_proposals.router,
    api_applications.router,
    api_loans.router,
    api_loan_money.router,
    api_servicing.router,
    api_conditions.router,
    api_procurement.router,
    api_collateral.router,
    api_fund.router,
    api_fund_accounts.router,
    api_ledger.router,
    api_ledger_reports.router,
    api_trail.router,
    api_bank.router,
    api_provisions.router,
    api_closing.router,
    openapi.router,
)
