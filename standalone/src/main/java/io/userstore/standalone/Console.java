package io.userstore.standalone;

import java.io.PrintStream;

/** Tells the person at the terminal how the start goes; not a log, and the only place a new secret is shown. */
final class Console {
    private Console() {}

    @SuppressWarnings("SystemOut") // what a person reads at the terminal
    static void say(String line) {
        print(System.out, line);
    }

    static void complain(String line) {
        print(System.err, line);
    }

    private static void print(PrintStream stream, String line) {
        stream.println(line);
        stream.flush();
    }
}
