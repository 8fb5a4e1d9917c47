package org.millwright.policy;

/**
 * Something that a policy asks for.
 *
 * @param check an expression that must be true
 * @param remedy the command or page that makes it so
 */
public record Requirement(String name, String check, String remedy, Expressions.Expression compiled) {}
