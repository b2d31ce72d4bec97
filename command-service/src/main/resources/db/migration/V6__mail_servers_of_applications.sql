-- Whether the application's mails go through a mail server of its own; written with the settings, in the transaction of their
-- event. Those mails are taken apart from the others, so that a server that is away holds up nobody else's.
ALTER TABLE application ADD COLUMN own_mail_server BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX mail_application_due ON mail (application, due_at) WHERE due_at IS NOT NULL;
