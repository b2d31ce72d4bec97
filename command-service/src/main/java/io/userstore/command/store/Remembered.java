package io.userstore.command.store;

/**
 * What this instance has in memory of users, for whoever hears that another instance has gone on: what is older goes, so that a
 * user who was deleted elsewhere is in no memory once the deletion can be read. Thread-safe.
 */
public final class Remembered {
    private final Snapshots states;
    private final UserKeys keys;

    Remembered(Snapshots states, UserKeys keys) {
        this.states = states;
        this.keys = keys;
    }

    /**
     * Forgets a user who has been seen at a version that is not known here. What is forgotten needlessly is read again.
     *
     * @param version the number of an event of the user's stream, from 1
     */
    public void forgetOlder(String userId, long version) {
        if (states.user(userId, version).isEmpty()) {
            states.forget(userId);
            keys.forget(userId);
        }
    }

    /** Whether there is anything of the user in memory. */
    boolean holds(String userId) {
        return states.holds(userId) || keys.remembers(userId);
    }
}
