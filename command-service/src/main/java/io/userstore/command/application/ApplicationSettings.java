package io.userstore.command.application;

/** How an application wants its users to be treated. An event that changes settings carries all of them. */
public record ApplicationSettings(InactiveSignin inactiveSignin) {
    /** Of an application that says nothing. */
    public static final ApplicationSettings DEFAULTS = new ApplicationSettings(InactiveSignin.ALLOW);
}
