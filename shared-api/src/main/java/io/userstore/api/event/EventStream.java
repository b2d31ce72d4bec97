package io.userstore.api.event;

/** The two streams of one user's events; each is numbered by itself, from 1, without gaps. */
public enum EventStream {
    /** Profile, credentials and life cycle; numbered by {@code version}. */
    USER,
    /** Successes and failures of signing in; numbered by {@code login_sequence}. */
    SIGN_INS
}
