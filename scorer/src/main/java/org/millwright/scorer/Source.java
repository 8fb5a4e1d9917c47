package org.millwright.scorer;

import java.io.IOException;
import java.nio.file.Path;

/** Where bundles come from. */
interface Source {
    /**
     * Writes the bundle's archive to the target when it is another than the one that the tag names.
     *
     * @param tag what the last fetch returned; "" to fetch in any case
     * @return what names this archive; with the same tag it is the same archive, and nothing was written
     * @throws IOException when it cannot be reached at the moment
     * @throws Declined when it was reached and gives nothing; the message is one sentence
     */
    Found fetch(String tag, Path target) throws IOException, InterruptedException;

    /**
     * What a source has.
     *
     * @param tag what names the archive; "" when nothing does
     * @param pointer the signed statement that came with it, not verified; "" for none
     */
    record Found(String tag, String pointer) {}

    /** What to call it in a message. */
    String place();

    /** The source was reached and will not give the bundle. */
    final class Declined extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Declined(String message) {
            super(message);
        }
    }

    /** The source cannot be reached at the moment. */
    final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Away(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
