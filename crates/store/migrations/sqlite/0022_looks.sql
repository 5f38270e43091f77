-- When staff began and ended to look at what an organisation's members see: the audit log is asked for it on each of those pages.
CREATE INDEX audit_looks ON audit (actor, subject, seq) WHERE action IN ('organisation.look', 'organisation.look_end');

-- It stood twice: audit_by_subject is the same.
DROP INDEX audit_of_subject;
