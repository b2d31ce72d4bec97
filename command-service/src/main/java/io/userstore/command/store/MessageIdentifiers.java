package io.userstore.command.store;

import com.github.f4b6a3.uuid.UuidCreator;
import org.axonframework.common.IdentifierFactory;

/**
 * Identifiers of Axon's messages: random UUIDs from a generator that threads do not queue for, which the stock one's
 * {@code SecureRandom} makes them do. An identifier must be unique, not secret. Made by Axon, by name.
 */
public final class MessageIdentifiers extends IdentifierFactory {
    @Override
    public String generateIdentifier() {
        return UuidCreator.getRandomBasedFast().toString();
    }
}
