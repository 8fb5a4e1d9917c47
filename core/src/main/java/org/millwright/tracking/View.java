package org.millwright.tracking;

/** Which of the active and the deleted a search shows. */
public enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL
}
