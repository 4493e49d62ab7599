"""Rules act: whom they notify is told of a case once, beside those on call; the queue they name is the case's.

A case that is refused goes on by a function of the database, so the next agency's teams are told by one too, and its
queue is set by one. So is who takes a case of an agency that has nobody on call: the hotline's staff are called for
it, and may say that they have it, without seeing it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

AGENCY = "NULLIF(current_setting('hotline.agency', true), '')::uuid"

STATEMENTS = (
    "GRANT SELECT (id, code, name, origins) ON partners TO hotline_triage",
    "GRANT SELECT (id, case_id, to_agency_id) ON referrals TO hotline_triage",
    "CREATE POLICY handed_on ON alarms TO CURRENT_USER USING (true) WITH CHECK (true)",
    """
    CREATE FUNCTION hand_on() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE cases SET queue = NEW.queue WHERE id = NEW.case_id;
        INSERT INTO alarms (id, case_id, agency_id, kind, team)
            SELECT gen_random_uuid(), NEW.case_id, NEW.agency_id, 'rule', team
            FROM unnest(string_to_array(NEW.notify, ',')) AS team
            ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION hand_on() FROM PUBLIC",
    f"""
    CREATE FUNCTION is_looked_after(the_agency uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (SELECT FROM agencies WHERE id = {AGENCY} AND id <> the_agency AND home)
            AND NOT EXISTS (SELECT FROM on_call WHERE agency_id = the_agency AND team = 'on-call')
    $$
    """,
    """
    CREATE FUNCTION take_looked_after(the_alarm uuid, the_person uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        the_case uuid;
    BEGIN
        IF NOT EXISTS (SELECT FROM staff WHERE id = the_person AND agency_id = our_agency()) THEN
            RETURN false;
        END IF;
        UPDATE alarms SET state = 'taken', ended_at = now(), taken_by = the_person
            WHERE id = the_alarm AND state = 'ringing' AND team IS NULL AND is_looked_after(agency_id)
            RETURNING case_id INTO the_case;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        UPDATE alarms SET state = 'taken', ended_at = now(), taken_by = the_person
            WHERE case_id = the_case AND state = 'ringing' AND team IS NULL AND is_looked_after(agency_id);
        UPDATE cases SET taken_at = now(), taken_by = the_person WHERE id = the_case AND taken_at IS NULL;
        RETURN true;
    END
    $$
    """.replace("our_agency()", AGENCY),
    "REVOKE ALL ON FUNCTION is_looked_after(uuid) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION take_looked_after(uuid, uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION is_looked_after(uuid), take_looked_after(uuid, uuid) TO hotline_console",
    "CREATE POLICY looked_after ON alarms FOR SELECT TO hotline_console USING (is_looked_after(agency_id))",
    "CREATE TRIGGER hand_on AFTER INSERT ON routings FOR EACH ROW WHEN (NEW.turn > 0) EXECUTE FUNCTION hand_on()",
)


def upgrade() -> None:
    _teams()
    _queues()
    for statement in STATEMENTS:
        op.execute(statement)


def _teams() -> None:
    told = "other teams: when a rule names them"
    op.add_column("on_call", sa.Column("team", sa.String(40), server_default="on-call", nullable=False, comment=told))
    op.add_column("alarms", sa.Column("team", sa.String(40), comment="whom a rule names: told once of this case"))
    op.create_check_constraint("ck_alarms_rules_name_a_team", "alarms", "(kind = 'rule') = (team IS NOT NULL)")
    op.drop_index("uq_alarms_ringing", "alarms")
    ringing, of_team = sa.text("state = 'ringing' AND team IS NULL"), sa.text("team IS NOT NULL")
    op.create_index("uq_alarms_ringing", "alarms", ["case_id", "kind"], unique=True, postgresql_where=ringing)
    op.create_index("uq_alarms_team", "alarms", ["case_id", "agency_id", "team"], unique=True, postgresql_where=of_team)


def _queues() -> None:
    part = "the part of its agency's worklist that a rule names"
    op.add_column("cases", sa.Column("queue", sa.String(40), comment=part))
    named = sa.text("state = 'open' AND queue IS NOT NULL")
    order = ["agency_id", "queue", "priority", "received_at", "id"]
    op.create_index("ix_cases_named_queue", "cases", order, postgresql_where=named)
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"], postgresql_where=merged)
