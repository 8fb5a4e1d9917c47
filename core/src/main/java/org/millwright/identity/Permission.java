package org.millwright.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;

/** What an actor may do; roles are sets of these. */
public enum Permission {
    READ("read"),
    SCORE("score"),
    /** Answer in the server's place: learn where requests go and who may send them. */
    SERVE("answer in the server's place"),
    /** Log runs, metrics and artifacts. */
    TRACK("log runs"),
    REQUEST_PROJECT("request projects"),
    MANAGE_DATA("manage data"),
    /** Start, resume and cancel pipelines. */
    RUN("start, resume or cancel pipelines"),
    REGISTER("register models"),
    REQUEST_RELEASE("request releases"),
    APPROVE("approve"),
    /** File findings about models, and close them. */
    VALIDATE("file or close findings"),
    DEPLOY("deploy"),
    ROLL_BACK("roll back"),
    /** Do in an emergency, with a reason and an alert, what needs an approval. */
    BREAK_GLASS("break glass"),
    /** Have the server check an asset and sign what it found. */
    CERTIFY("have assets certified"),
    /** Take back that an asset may be used, and its certificate with it. */
    REVOKE("revoke assets"),
    /** Send outcomes of earlier predictions. */
    LABEL("send outcomes"),
    ACKNOWLEDGE("acknowledge alerts"),
    /** Say where alerts are sent. */
    MANAGE_CHANNELS("manage channels"),
    /** Publish policies, and put in force what somebody else published. */
    MANAGE_POLICIES("manage policies"),
    MANAGE_USERS("manage users"),
    AUDIT("audit the records"),
    OPERATE("operate the installation");

    private final String verb;

    Permission(String verb) {
        this.verb = verb;
    }

    /** What it allows, as it follows "may" or "may not". */
    String verb() {
        return verb;
    }

    /** The permission as people write it: {@code request-release}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Permission of(String text) {
        return Arrays.stream(values())
                .filter(permission -> permission.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid("Unknown permission '" + text + "' (expected one of "
                        + Arrays.stream(values()).map(Permission::text).collect(Collectors.joining(", ")) + ")"));
    }
}
