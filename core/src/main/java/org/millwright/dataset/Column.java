package org.millwright.dataset;

/** A column of stored data: its name and its SQL type, such as {@code BIGINT}. */
public record Column(String name, String type) {}
