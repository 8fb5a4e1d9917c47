package org.millwright.app.cli;

/**
 * One station of the line.
 *
 * @param number as the issue of the line counts them
 * @param work does it and tells in one line what came out
 */
record DemoStation(int number, String title, Work work) {
    /** What a station does. */
    @FunctionalInterface
    interface Work {
        String go(DemoShell shell);
    }
}
