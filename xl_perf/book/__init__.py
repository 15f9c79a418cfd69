"""Operations on an official workbook, whatever holds it; here: a closed file."""
