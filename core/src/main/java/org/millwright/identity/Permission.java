package org.millwright.identity;

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
    /** Sign what was checked of an asset. */
    CERTIFY,
    /** Say that a certificate is not to be trusted any more. */
    REVOKE,
    /** Send outcomes of earlier predictions. */
    LABEL,
    ACKNOWLEDGE,
    /** Say where alerts are sent. */
    MANAGE_CHANNELS,
    /** Put policies in force. */
    MANAGE_POLICIES,
    MANAGE_USERS,
    AUDIT,
    OPERATE
}
