package io.userstore.benchmark;

/**
 * An invented user. The same number makes the same person.
 *
 * @param number from 1
 * @param run tells apart the people of different runs against one server; empty when the server is the run's own
 */
record Person(int number, String run) {
    static final String PASSWORD = "correct horse battery staple";

    private static final String[] FIRST_NAMES = {
        "Ada",
        "Alan",
        "Barbara",
        "Claude",
        "Donald",
        "Edsger",
        "Frances",
        "Grace",
        "Hedy",
        "John",
        "Katherine",
        "Leslie"
    };
    private static final String[] LAST_NAMES = {
        "Allen",
        "Dijkstra",
        "Hopper",
        "Johnson",
        "Knuth",
        "Lamarr",
        "Lamport",
        "Liskov",
        "Lovelace",
        "Shannon",
        "Turing"
    };
    private static final int GROUPS = 10;
    private static final int SIX_DIGITS = 1_000_000;

    String username() {
        String digits =
                number < SIX_DIGITS ? Integer.toString(SIX_DIGITS + number).substring(1) : Integer.toString(number);
        return "user" + digits + run;
    }

    String email() {
        return username() + "@example.com";
    }

    String firstName() {
        return FIRST_NAMES[number % FIRST_NAMES.length];
    }

    String lastName() {
        return LAST_NAMES[number % LAST_NAMES.length];
    }

    String group() {
        return "group" + number % GROUPS;
    }
}
