package org.millwright.serving;

import java.util.List;
import java.util.regex.Pattern;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Versions that leave the server for places where applications find them without it. */
public final class Publications {
    private static final int LONGEST = 500;
    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1," + LONGEST + "}");

    private final Database database;
    private final Ledger ledger;
    private final Pulls pulls;

    public Publications(Database database, Ledger ledger, Pulls pulls) {
        this.database = database;
        this.ledger = ledger;
        this.pulls = pulls;
    }

    /**
     * Notes that a version is about to be put somewhere: before that, so that none leaves unnoted.
     *
     * @param name what applications will ask for there: an alias, or the version
     * @param place a folder of the caller's machine, or an address
     * @throws Problem as {@link Pulls#byVersion} does, and for a version whose certificate expired
     */
    public void note(Actor by, String model, String version, String name, String place) {
        require("name", name);
        require("place", place);
        Pulls.Pull pull = pulls.byVersion(by, model, version);
        pull.requireUnexpired();
        database.write(() -> ledger.append(
                by,
                "model.published",
                List.of("model:" + pull.model() + "/" + pull.version(), "model:" + pull.model()),
                Json.object().put("as", name).put("place", place).put("archive", pull.archive())));
    }

    private static void require(String field, String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new Problem.Invalid("Field '" + field + "' has " + text.length()
                    + " characters or some that do not print (expected: 1 to " + LONGEST + " that do)");
        }
    }
}
