package org.millwright.app;

import org.millwright.app.cli.Mw;

/** Entry point of the launcher. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.setProperty("java.util.logging.config.class", Logging.class.getName());
        int code = Mw.run(args);
        if (code != Mw.KEEP_RUNNING) {
            System.exit(code);
        }
    }
}
