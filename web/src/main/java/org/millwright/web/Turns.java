package org.millwright.web;

/**
 * Lets connections take turns: one whose next request is there before its last one has ended would go on at once, and keep
 * its core while others wait.
 */
final class Turns {
    private static final int MOST = 16;

    /** The connection that ended a request last, by its thread. */
    private volatile long last;
    /** How many it ended one after the other, about. */
    private int inRow;

    /** At the end of a request, on its connection's thread; for one connection alone it costs next to nothing. */
    void end() {
        long own = Thread.currentThread().threadId();
        if (own == last && ++inRow < MOST) {
            return;
        }
        last = own;
        inRow = 0;
        Thread.yield();
    }
}
