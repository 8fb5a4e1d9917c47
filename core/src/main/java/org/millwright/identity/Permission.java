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
    DEPLOY,
    ROLL_BACK,
    /** Send outcomes of earlier predictions. */
    LABEL,
    ACKNOWLEDGE,
    /** Say where alerts are sent. */
    MANAGE_CHANNELS,
    /** Publish policies, and put in force what somebody else published. */
    MANAGE_POLICIES,
    MANAGE_USERS,
    AUDIT,
    OPERATE
}
