package io.userstore.command.store;

import io.userstore.api.user.Text;
import io.userstore.command.seal.StoreKey;
import io.userstore.command.store.Reservations.Kind;

/**
 * What stands in the table of reservations for an e-mail address, a user name or an identity at a provider: an HMAC, from
 * which nobody learns the text who has not the store's key. The same text of another application or kind has another.
 * Immutable and thread-safe.
 */
final class Names {
    private final StoreKey.Digest digest;

    Names(StoreKey key) {
        this.digest = key.digest("reservations");
    }

    /** For an address or a user name, compared by {@link Text#key(String)}. */
    String of(String application, Kind kind, String text) {
        return digest.of(application + '|' + kind.column() + '|' + Text.key(text));
    }

    /** For who somebody is at a provider, compared exactly; the provider stands in front, followed by a colon. */
    String of(String application, String provider, String clientId) {
        return provider + ':' + digest.of(application + '|' + Kind.PROVIDER.column() + '|' + provider + ':' + clientId);
    }
}
