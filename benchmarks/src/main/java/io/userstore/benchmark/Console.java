package io.userstore.benchmark;

/** What the person at the terminal reads: figures on standard output, progress and complaints on standard error. */
final class Console {
    private Console() {}

    @SuppressWarnings("SystemOut") // the report is this program's output
    static void print(String text) {
        System.out.println(text);
        System.out.flush();
    }

    static void say(String line) {
        System.err.println(line);
    }
}
