package org.millwright.project;

import java.time.LocalDate;

/**
 * A day on which nobody of the organisation works.
 *
 * @param setAt milliseconds since the epoch
 */
public record Holiday(LocalDate day, String name, String setBy, long setAt) {}
