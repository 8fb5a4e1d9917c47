package org.millwright.identity;

/** One role that a person has in a project. */
public record Member(String personId, String name, String display, Role role) {}
