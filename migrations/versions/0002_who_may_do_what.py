"""Three roles and what each may do: intake writes, triage files, the console sees its own agency.

Row-level security is the second wall: the same filter stands in the code. A setting that is not
there reads as NULL, so a transaction that names no agency sees nothing.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"

STATEMENTS = f"""
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hotline_intake, hotline_triage, hotline_console;

GRANT INSERT (id, channel, language, country, danger, wrapped_key, what, link, contact, receipt_hash, mailbox_key)
    ON reports TO hotline_intake;

GRANT SELECT ON reports, agencies TO hotline_triage;
GRANT UPDATE (state, attempts, next_try_at, trouble, filed_at, case_id, wrapped_key) ON reports TO hotline_triage;
GRANT SELECT, INSERT ON cases TO hotline_triage;
GRANT UPDATE (report_count, priority, state, disposition, closed_at) ON cases TO hotline_triage;
GRANT INSERT ON report_keys TO hotline_triage;

GRANT SELECT (id, received_at, channel, language, country, danger, what, link, contact,
              state, attempts, trouble, filed_at, case_id) ON reports TO hotline_console;
GRANT UPDATE (state, attempts, next_try_at) ON reports TO hotline_console;
GRANT SELECT ON report_keys, cases, agencies, dispositions, audit_entries TO hotline_console;
GRANT UPDATE (state, disposition, closed_at) ON cases TO hotline_console;
GRANT INSERT ON dispositions, audit_entries TO hotline_console;
GRANT SELECT ON staff TO hotline_console;
GRANT UPDATE (totp_step, failures, locked_until) ON staff TO hotline_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_sessions TO hotline_console;

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispositions ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports FORCE ROW LEVEL SECURITY;
ALTER TABLE report_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE dispositions FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;

CREATE POLICY intake_posts ON reports FOR INSERT TO hotline_intake WITH CHECK (true);

CREATE POLICY triage_works ON reports TO hotline_triage USING (true) WITH CHECK (true);
CREATE POLICY triage_wraps ON report_keys FOR INSERT TO hotline_triage WITH CHECK (true);
CREATE POLICY triage_files ON cases TO hotline_triage USING (true) WITH CHECK (true);

CREATE POLICY own_keys ON report_keys FOR SELECT TO hotline_console USING (agency_id = {AGENCY});
CREATE POLICY own_cases ON cases TO hotline_console
    USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY});
CREATE POLICY own_reports ON reports FOR SELECT TO hotline_console
    USING (EXISTS (SELECT FROM report_keys WHERE report_keys.report_id = reports.id));
CREATE POLICY quarantine_seen_at_home ON reports TO hotline_console
    USING (state = 'quarantined' AND EXISTS (SELECT FROM agencies WHERE agencies.id = {AGENCY} AND home))
    WITH CHECK (state IN ('quarantined', 'received'));
CREATE POLICY own_dispositions ON dispositions TO hotline_console
    USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY});
CREATE POLICY own_audit_trail ON audit_entries TO hotline_console
    USING (agency_id = {AGENCY}) WITH CHECK (agency_id = {AGENCY});
CREATE POLICY command_line_is_audited ON audit_entries FOR INSERT TO CURRENT_USER WITH CHECK (true);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
