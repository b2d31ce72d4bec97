/**
 * The edge of both services: who calls (keys), which request it is, what it prefers, and how errors are told.
 * Touches Spring MVC, the servlet API and {@code io.userstore.api}; knows neither commands nor read models.
 */
@NullMarked
package io.userstore.web;

import org.jspecify.annotations.NullMarked;
