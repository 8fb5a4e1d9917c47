package org.millwright.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;

/** What an actor may do; roles are sets of these. */
public enum Permission {
    READ,
    SCORE,
    /** Answer in the server's place: learn where requests go and who may send them. */
    SERVE,
    /** Log runs, metrics and artifacts. */
    TRACK,
    REQUEST_PROJECT,
    MANAGE_DATA,
    /** Start, resume and cancel pipelines. */
    RUN,
    REGISTER,
    REQUEST_RELEASE,
    APPROVE,
    /** File findings about models, and close them. */
    VALIDATE,
    DEPLOY,
    ROLL_BACK,
    /** Do in an emergency, with a reason and an alert, what needs an approval. */
    BREAK_GLASS,
    /** Have the server check an asset and sign what it found. */
    CERTIFY,
    /** Take back that an asset may be used, and its certificate with it. */
    REVOKE,
    /** Send outcomes of earlier predictions. */
    LABEL,
    ACKNOWLEDGE,
    /** Say where alerts are sent. */
    MANAGE_CHANNELS,
    /** Publish policies, and put in force what somebody else published. */
    MANAGE_POLICIES,
    MANAGE_USERS,
    AUDIT,
    OPERATE;

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
