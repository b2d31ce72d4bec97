package io.userstore.command.mail;

import io.userstore.command.code.Code;
import io.userstore.command.store.Enclosure;
import org.jspecify.annotations.Nullable;

/**
 * A mail that is to be sent if its command comes to the event that asks for one. Goes into the outbox in the event's
 * transaction; its code is in no event.
 *
 * @param code null where the kind has none
 * @param content null to say once more what the last mail of that kind said
 */
public record MailRequest(
        MailKind kind, @Nullable Code code, @Nullable MailContent content) implements Enclosure {}
