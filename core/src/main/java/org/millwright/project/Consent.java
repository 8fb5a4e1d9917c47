package org.millwright.project;

/** One person's agreement to a request, in a reviewing role; {@code at} in milliseconds since the epoch. */
public record Consent(String role, String by, long at, String reason) {}
